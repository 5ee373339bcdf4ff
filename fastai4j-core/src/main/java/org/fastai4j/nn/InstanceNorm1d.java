package org.fastai4j.nn;

/**
 * Each channel of each item brought to mean 0 and variance 1: {@code [n, channels, length]} in and
 * out. As PyTorch's, it has neither weight nor bias unless asked for, and no running statistics.
 * Ulyanov et al., 2016.
 */
public final class InstanceNorm1d extends InstanceNorm {
  public InstanceNorm1d(int channels) {
    this(channels, NormOptions.DEFAULT.withoutAffine());
  }

  /**
   * As the other constructor; eps and whether there are weight and bias are taken from {@code
   * options}.
   */
  public InstanceNorm1d(int channels, NormOptions options) {
    super(channels, options);
  }
}
