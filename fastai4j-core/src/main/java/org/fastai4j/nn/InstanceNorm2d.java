package org.fastai4j.nn;

/**
 * Each channel of each item brought to mean 0 and variance 1: {@code [n, channels, h, w]} in and
 * out. As PyTorch's, it has neither weight nor bias unless asked for, and no running statistics.
 * Ulyanov et al., 2016.
 */
public final class InstanceNorm2d extends InstanceNorm {
  public InstanceNorm2d(int channels) {
    this(channels, NormOptions.DEFAULT.withoutAffine());
  }

  /**
   * As the other constructor; eps and whether there are weight and bias are taken from {@code
   * options}.
   */
  public InstanceNorm2d(int channels, NormOptions options) {
    super(channels, options);
  }
}
