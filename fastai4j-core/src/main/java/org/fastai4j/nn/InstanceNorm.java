package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** Each channel of each item brought to mean 0 and variance 1, whatever its axes. */
abstract class InstanceNorm extends Norm {
  private final int channels;

  InstanceNorm(int channels, NormOptions options) {
    super(options, channels);
    this.channels = channels;
  }

  @Override
  public final Tensor forward(Tensor x) {
    return x.instanceNorm(eps, affine);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName()
        + "("
        + channels
        + (affine.length == 0 ? ")" : ", affine=true)");
  }
}
