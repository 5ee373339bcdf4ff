package org.fastai4j.nn;

import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;

/**
 * Squared differences where they are small, absolute ones where they are large: {@code d² / 2}
 * below {@code delta}, else {@code delta · (|d| - delta / 2)}. Huber, 1964.
 */
public final class HuberLoss extends ElementLoss<HuberLoss> {
  private final double delta;

  /** Delta 1. */
  public HuberLoss() {
    this(1);
  }

  public HuberLoss(double delta) {
    this(delta, Reduction.MEAN);
  }

  private HuberLoss(double delta, Reduction reduction) {
    super(reduction);
    this.delta = delta;
  }

  @Override
  public HuberLoss withReduction(Reduction how) {
    return new HuberLoss(delta, how);
  }

  @Override
  Tensor compute(Tensor preds, Tensor targets, Reduction how) {
    return preds.huberLoss(targets, how, delta);
  }

  @Override
  public String toString() {
    return "HuberLoss(delta=" + delta + ")";
  }
}
