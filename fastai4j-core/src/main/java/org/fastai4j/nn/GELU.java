package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** The Gaussian error linear unit, {@code x · Φ(x)}; any shape. Hendrycks and Gimpel, 2016. */
public final class GELU extends Module {
  private final boolean tanh;

  /** The exact one. */
  public GELU() {
    this("none");
  }

  /**
   * @param approximate {@code none}, or {@code tanh} for the approximation by it
   */
  public GELU(String approximate) {
    tanh = approximate.equals("tanh");
    if (!tanh && !approximate.equals("none")) {
      throw new IllegalArgumentException(
          "GELU: no approximation is called '" + approximate + "'; there are none and tanh");
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    return tanh ? x.geluTanh() : x.gelu();
  }

  @Override
  public String toString() {
    return tanh ? "GELU(approximate=tanh)" : "GELU";
  }
}
