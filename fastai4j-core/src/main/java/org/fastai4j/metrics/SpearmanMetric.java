package org.fastai4j.metrics;

import org.fastai4j.tensor.Tensor;

/**
 * The correlation of ranks, which needs all numbers at once: they are kept until the next reset.
 */
final class SpearmanMetric extends ScopedMetric {
  private Doubles preds = new Doubles();
  private Doubles targets = new Doubles();

  SpearmanMetric() {
    super("spearmanr");
  }

  @Override
  public void reset() {
    preds = new Doubles();
    targets = new Doubles();
  }

  @Override
  void batch(Tensor preds, Tensor targets) {
    Inputs.checkSameSize(preds, targets);
    double[] p = preds.toDoubleArray();
    double[] t = targets.toDoubleArray();
    this.preds.addAll(p);
    this.targets.addAll(t);
  }

  @Override
  public double value() {
    return RegressionScores.spearman(preds.toArray(), targets.toArray());
  }
}
