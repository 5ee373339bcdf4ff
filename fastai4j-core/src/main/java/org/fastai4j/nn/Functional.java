package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** Losses and other functions without parameters, as PyTorch's {@code torch.nn.functional}. */
public final class Functional {
  private Functional() {}

  /** The mean squared difference, a scalar; the shapes must agree. */
  public static Tensor mseLoss(Tensor preds, Tensor targets) {
    return preds.mseLoss(targets);
  }

  /** The mean absolute difference, a scalar; the shapes must agree. */
  public static Tensor l1Loss(Tensor preds, Tensor targets) {
    return preds.l1Loss(targets);
  }

  /** The mean cross-entropy of logits {@code [n, c]} and classes {@code [n]} (int64), a scalar. */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return logits.crossEntropy(targets);
  }

  /** The mean binary cross-entropy of logits and targets in 0..1 of the same shape, a scalar. */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
    return logits.bceWithLogits(targets);
  }
}
