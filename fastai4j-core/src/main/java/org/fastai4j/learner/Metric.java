package org.fastai4j.learner;

import java.util.function.BinaryOperator;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * A function of predictions and targets with the name of its column, averaged over the items of the
 * validation set.
 *
 * @param name the column's name
 * @param function predictions and targets of a batch to a scalar tensor
 */
public record Metric(String name, BinaryOperator<Tensor> function) {

  /** The share of items whose largest output is at the target's class. */
  public static final Metric ACCURACY =
      new Metric("accuracy", (preds, targets) -> preds.argmax(-1).eq(targets).toFloat().mean());

  /** The metric of a batch; a failure tells the metric's name. */
  double of(Tensor preds, Tensor targets) {
    try {
      return function.apply(preds, targets).item();
    } catch (RuntimeException e) {
      throw new TensorException(
          "metric '%s' of predictions %s and targets %s: %s"
              .formatted(name, preds.shape(), targets.shape(), e.getMessage()),
          e);
    }
  }
}
