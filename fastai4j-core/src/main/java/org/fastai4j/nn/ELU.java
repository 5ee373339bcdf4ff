package org.fastai4j.nn;

/** The exponential linear unit: x above 0, {@code alpha · (exp(x) - 1)} below; any shape. */
public final class ELU extends Activation {
  /** Alpha 1. */
  public ELU() {
    this(1);
  }

  /**
   * @param alpha minus the limit below 0
   */
  public ELU(double alpha) {
    super("alpha=" + alpha, x -> x.elu(alpha));
  }
}
