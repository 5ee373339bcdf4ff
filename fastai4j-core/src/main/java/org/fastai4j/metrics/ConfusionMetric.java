package org.fastai4j.metrics;

import java.util.function.ToDoubleFunction;
import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A score of the confusion matrix of the class with the largest output. */
final class ConfusionMetric extends ScopedMetric {
  private final int axis;
  private final boolean two;
  private final ToDoubleFunction<ConfusionCounts> score;
  private @Nullable ConfusionCounts counts;

  /** A score of predictions with their classes along {@code axis}: two of them, or any number. */
  ConfusionMetric(String name, int axis, boolean two, ToDoubleFunction<ConfusionCounts> score) {
    super(name);
    this.axis = axis;
    this.two = two;
    this.score = score;
  }

  @Override
  public void reset() {
    counts = null;
  }

  @Override
  void batch(Tensor preds, Tensor targets) {
    long classes = preds.size(axis);
    if (two) {
      Inputs.checkTwo(classes);
    }
    ConfusionCounts all = counts == null ? new ConfusionCounts((int) classes) : counts;
    Inputs.checkUnchanged(all.classes(), classes);
    all.add(preds.argmax(axis), targets);
    counts = all;
  }

  @Override
  public double value() {
    return counts == null || counts.items() == 0 ? Double.NaN : score.applyAsDouble(counts);
  }
}
