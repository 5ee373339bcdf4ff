package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** x above 0, {@code negativeSlope · x} below; any shape. */
public final class LeakyReLU extends Module {
  private final double negativeSlope;

  /** Slope 0.01. */
  public LeakyReLU() {
    this(0.01);
  }

  /**
   * @param negativeSlope the slope below 0
   */
  public LeakyReLU(double negativeSlope) {
    this.negativeSlope = negativeSlope;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.leakyRelu(negativeSlope);
  }

  @Override
  public String toString() {
    return "LeakyReLU(negativeSlope=" + negativeSlope + ")";
  }
}
