package org.fastai4j.metrics;

import java.util.function.BinaryOperator;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/** What metrics ask of predictions and targets. */
final class Inputs {
  private Inputs() {}

  /** Throws unless there are as many elements of one as of the other; fastai's flatten_check. */
  static void checkSameSize(Tensor preds, Tensor targets) {
    if (preds.numel() != targets.numel()) {
      throw new TensorException(
          "%s has %d elements and %s has %d; there must be a prediction for each target"
              .formatted(preds.shape(), preds.numel(), targets.shape(), targets.numel()));
    }
  }

  /** Throws unless both are {@code [n, labels]}. */
  static void checkLabels(Tensor preds, Tensor targets) {
    if (preds.dim() != 2 || !preds.shape().equals(targets.shape())) {
      throw new TensorException(
          "both must be [n, labels]; one-hot targets tell for each label whether the item has it");
    }
  }

  /** Throws unless there are two classes. */
  static void checkTwo(long classes) {
    if (classes != 2) {
      throw new TensorException(
          "it is for 2 classes, not "
              + classes
              + "; use an average such as Average.MACRO, or the metric's form for many classes");
    }
  }

  /** Throws if there were more or fewer outputs in the batches before. */
  static void checkUnchanged(long before, long now) {
    if (before != now) {
      throw new TensorException(
          "there were " + before + " outputs in the batch before, now " + now + "; call reset()");
    }
  }

  /** A function of both as one axis. */
  static BinaryOperator<Tensor> flat(BinaryOperator<Tensor> function) {
    return (preds, targets) -> {
      checkSameSize(preds, targets);
      return function.apply(preds.flatten(), targets.flatten());
    };
  }
}
