package org.fastai4j.nn;

/** {@code low + (high - low) · sigmoid(x)}: numbers from a range; any shape. fastai's. */
public final class SigmoidRange extends Activation {
  public SigmoidRange(double low, double high) {
    super(low + ", " + high, x -> x.sigmoid().mul(high - low).add(low));
  }
}
