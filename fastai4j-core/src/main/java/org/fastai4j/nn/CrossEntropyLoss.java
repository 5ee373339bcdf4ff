package org.fastai4j.nn;

import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;

/**
 * The cross-entropy of logits and classes, {@code -log softmax(x)[target]}; fastai's {@code
 * CrossEntropyLossFlat}.
 *
 * <p>Predictions {@code [n, c]}, targets {@code [n]}, or both with further axes. Targets may also
 * be probabilities of the predictions' shape. The mean divides by the sum of the targets' weights.
 */
public final class CrossEntropyLoss extends ClassLoss<CrossEntropyLoss> {
  private final long ignoreIndex;
  private final double labelSmoothing;

  public CrossEntropyLoss() {
    this(Settings.DEFAULT, IGNORED, 0);
  }

  private CrossEntropyLoss(Settings settings, long ignoreIndex, double labelSmoothing) {
    super(settings);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  @Override
  CrossEntropyLoss with(Settings changed) {
    return new CrossEntropyLoss(changed, ignoreIndex, labelSmoothing);
  }

  /** The class that does not count; -100 by default. */
  public CrossEntropyLoss withIgnoreIndex(long ignored) {
    return new CrossEntropyLoss(settings, ignored, labelSmoothing);
  }

  /** The share of each target that goes to all classes alike, 0 to 1. */
  public CrossEntropyLoss withLabelSmoothing(double share) {
    return new CrossEntropyLoss(settings, ignoreIndex, share);
  }

  @Override
  Tensor compute(Tensor logits, Tensor classes, Reduction reduction, Tensor... weight) {
    boolean plain =
        reduction == Reduction.MEAN
            && weight.length == 0
            && ignoreIndex == IGNORED
            && labelSmoothing == 0;
    return plain
        ? logits.crossEntropy(classes)
        : logits.crossEntropy(classes, reduction, ignoreIndex, labelSmoothing, weight);
  }

  @Override
  Tensor probabilities(Tensor targets, Tensor preds, int axis) {
    if (!targets.shape().equals(preds.shape())) {
      return super.probabilities(targets, preds, axis);
    }
    Tensor last = axis == preds.dim() - 1 ? targets : lastAxis(targets, axis);
    return last.reshape(-1, preds.size(axis)).to(preds.dtype());
  }

  @Override
  long ignored() {
    return ignoreIndex;
  }
}
