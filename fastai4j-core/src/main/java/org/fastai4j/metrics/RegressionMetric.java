package org.fastai4j.metrics;

import java.util.function.ToDoubleFunction;
import org.fastai4j.tensor.Tensor;

/** A score of all pairs of a number predicted and the number wanted; only sums are kept. */
final class RegressionMetric extends ScopedMetric {
  private final ToDoubleFunction<RegressionScores> score;
  private RegressionScores scores = new RegressionScores();

  RegressionMetric(String name, ToDoubleFunction<RegressionScores> score) {
    super(name);
    this.score = score;
  }

  @Override
  public void reset() {
    scores = new RegressionScores();
  }

  @Override
  void batch(Tensor preds, Tensor targets) {
    Inputs.checkSameSize(preds, targets);
    double[] p = preds.toDoubleArray();
    double[] t = targets.toDoubleArray();
    for (int i = 0; i < p.length; i++) {
      scores.add(p[i], t[i]);
    }
  }

  @Override
  public double value() {
    return scores.n() == 0 ? Double.NaN : score.applyAsDouble(scores);
  }
}
