package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * Whole channels of {@code [n, c, h, w]} set to zero at random in training, the others divided by
 * {@code 1 - p}. In evaluation nothing happens.
 */
public final class Dropout2d extends Module {
  private final double p;

  /** Drops one half. */
  public Dropout2d() {
    this(0.5);
  }

  /**
   * @param p the probability of being dropped, 0 to 1
   */
  public Dropout2d(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("Dropout2d: the probability " + p + " is not in 0 to 1");
    }
    this.p = p;
  }

  @Override
  public Tensor forward(Tensor x) {
    return isTraining() && p > 0 ? x.dropout2d(p, true) : x;
  }

  @Override
  public String toString() {
    return "Dropout2d(p=" + p + ")";
  }
}
