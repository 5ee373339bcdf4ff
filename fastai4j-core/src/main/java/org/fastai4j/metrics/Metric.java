package org.fastai4j.metrics;

import java.util.function.BinaryOperator;
import java.util.function.DoubleSupplier;
import org.fastai4j.tensor.Tensor;

/**
 * A number that tells how good predictions are, gathered batch by batch; fastai's {@code Metric}.
 *
 * <pre>{@code
 * Metric f1 = Metrics.f1Score();
 * f1.reset();
 * batches.forEach(b -> f1.accumulate(model.forward(b.x()), b.y()));
 * double score = f1.value();
 * }</pre>
 *
 * <p>{@link Metrics} makes fastai's; {@link #of} and {@link #ofWholeSet} make one of a function. A
 * metric holds what it has gathered, so two threads, or two learners that run at once, each need
 * their own.
 */
public interface Metric {
  /** The name of its column in the table of epochs. */
  String name();

  /** Forgets every batch. */
  void reset();

  /** Takes in one batch: what the model gave, before any activation, and what it should have. */
  void accumulate(Tensor preds, Tensor targets);

  /** The metric of all batches since the last reset; NaN if there were none. */
  double value();

  /**
   * The mean over all items of a function that maps a batch to a scalar: each batch counts by its
   * size, the first axis of its targets.
   *
   * @param name the column's name
   * @param function predictions and targets of a batch to a tensor of one element
   */
  static Metric of(String name, BinaryOperator<Tensor> function) {
    return new MeanMetric(name, function);
  }

  /**
   * A function of all predictions and targets together, which are kept until the next reset: for
   * what is no mean over batches, as most of scikit-learn's scores. fastai's {@code AccumMetric}.
   *
   * @param name the column's name
   * @param function all predictions and all targets to a tensor of one element
   */
  static Metric ofWholeSet(String name, BinaryOperator<Tensor> function) {
    return new WholeSetMetric(name, function);
  }

  /** A number that something else keeps, as it is at the end of an epoch: a {@code ValueMetric}. */
  static Metric ofValue(String name, DoubleSupplier value) {
    return new ScopedMetric(name) {
      @Override
      public void reset() {}

      @Override
      void batch(Tensor preds, Tensor targets) {}

      @Override
      public double value() {
        return value.getAsDouble();
      }
    };
  }
}
