package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** The exponential linear unit: x above 0, {@code alpha · (exp(x) - 1)} below; any shape. */
public final class ELU extends Module {
  private final double alpha;

  /** Alpha 1. */
  public ELU() {
    this(1);
  }

  /**
   * @param alpha minus the limit below 0
   */
  public ELU(double alpha) {
    this.alpha = alpha;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.elu(alpha);
  }

  @Override
  public String toString() {
    return "ELU(alpha=" + alpha + ")";
  }
}
