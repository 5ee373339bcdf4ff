package org.fastai4j.nn;

/** x above 0, {@code negativeSlope · x} below; any shape. */
public final class LeakyReLU extends Activation {
  /** Slope 0.01. */
  public LeakyReLU() {
    this(0.01);
  }

  /**
   * @param negativeSlope the slope below 0
   */
  public LeakyReLU(double negativeSlope) {
    super("negativeSlope=" + negativeSlope, x -> x.leakyRelu(negativeSlope));
  }
}
