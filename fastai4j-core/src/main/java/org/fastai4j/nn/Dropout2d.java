package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * Whole channels of {@code [n, c, h, w]} set to zero at random in training, the others divided by
 * {@code 1 - p}. In evaluation nothing happens.
 */
public final class Dropout2d extends Dropout {
  /** Drops one half. */
  public Dropout2d() {}

  /**
   * @param p the probability of being dropped, 0 to 1
   */
  public Dropout2d(double p) {
    super(p);
  }

  @Override
  Tensor drop(Tensor x, double share) {
    return x.dropout2d(share, true);
  }
}
