package org.fastai4j.metrics;

import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.fastai4j.tensor.Tensor;

/**
 * The mean of a function of each batch, {@code Σ nᵢ·f(batchᵢ) / Σ nᵢ} with {@code nᵢ} items in
 * batch {@code i}; fastai's {@code AvgMetric}. A batch costs one {@code item()}.
 */
final class MeanMetric extends ScopedMetric {
  private final BinaryOperator<Tensor> function;
  private final DoubleUnaryOperator last;
  private double sum;
  private long items;

  MeanMetric(String name, BinaryOperator<Tensor> function) {
    this(name, function, DoubleUnaryOperator.identity());
  }

  /** The mean, and {@code last} of it. */
  MeanMetric(String name, BinaryOperator<Tensor> function, DoubleUnaryOperator last) {
    super(name);
    this.function = function;
    this.last = last;
  }

  @Override
  public void reset() {
    sum = 0;
    items = 0;
  }

  @Override
  void batch(Tensor preds, Tensor targets) {
    long n = targets.dim() == 0 ? 1 : targets.size(0);
    sum += function.apply(preds, targets).item() * n;
    items += n;
  }

  @Override
  public double value() {
    return last.applyAsDouble(sum / items);
  }
}
