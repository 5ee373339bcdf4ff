package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** {@code low + (high - low) · sigmoid(x)}: numbers from a range; any shape. fastai's. */
public final class SigmoidRange extends Module {
  private final double low;
  private final double high;

  public SigmoidRange(double low, double high) {
    this.low = low;
    this.high = high;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.sigmoid().mul(high - low).add(low);
  }

  @Override
  public String toString() {
    return "SigmoidRange(" + low + ", " + high + ")";
  }
}
