package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * Each channel of each item brought to mean 0 and variance 1: {@code [n, channels, length]} in and
 * out. As PyTorch's, it has neither weight nor bias unless asked for, and no running statistics.
 * Ulyanov et al., 2016.
 */
public final class InstanceNorm1d extends Module implements NormLayer {
  private final int channels;
  private final double eps;
  private final Tensor[] affine;

  public InstanceNorm1d(int channels) {
    this(channels, NormOptions.DEFAULT.withoutAffine());
  }

  /**
   * As the other constructor; eps and whether there are weight and bias are taken from {@code
   * options}.
   */
  public InstanceNorm1d(int channels, NormOptions options) {
    this.channels = channels;
    eps = options.eps();
    affine =
        options.affine()
            ? new Tensor[] {
              parameter("weight", Tensor.ones(channels)), parameter("bias", Tensor.zeros(channels))
            }
            : new Tensor[0];
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.instanceNorm(eps, affine);
  }

  @Override
  public String toString() {
    return "InstanceNorm1d(" + channels + (affine.length == 0 ? ")" : ", affine=true)");
  }
}
