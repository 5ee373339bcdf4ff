package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * Elements set to zero at random in training, the others divided by {@code 1 - p}; any shape. In
 * evaluation nothing happens. Srivastava et al., 2014.
 */
public sealed class Dropout extends Module permits Dropout2d {
  private final double p;

  /** Drops one half. */
  public Dropout() {
    this(0.5);
  }

  /**
   * @param p the probability of being dropped, 0 to 1
   */
  public Dropout(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          getClass().getSimpleName() + ": the probability " + p + " is not in 0 to 1");
    }
    this.p = p;
  }

  @Override
  public final Tensor forward(Tensor x) {
    return isTraining() && p > 0 ? drop(x, p) : x;
  }

  Tensor drop(Tensor x, double share) {
    return x.dropout(share, true);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(p=" + p + ")";
  }
}
