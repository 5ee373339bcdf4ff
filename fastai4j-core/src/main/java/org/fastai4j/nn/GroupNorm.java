package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * The channels of each item in groups, each brought to mean 0 and variance 1, then {@code γ·x + β}:
 * {@code [n, channels, ...]} in and out. Wu and He, 2018.
 */
public final class GroupNorm extends Norm {
  private final int groups;
  private final int channels;

  public GroupNorm(int groups, int channels) {
    this(groups, channels, NormOptions.DEFAULT);
  }

  /**
   * As the other constructor; eps and whether there are weight and bias are taken from {@code
   * options}.
   */
  public GroupNorm(int groups, int channels, NormOptions options) {
    super(options, channels);
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "GroupNorm: " + channels + " channels cannot be put into " + groups + " equal groups");
    }
    this.groups = groups;
    this.channels = channels;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.groupNorm(groups, eps, affine);
  }

  @Override
  public String toString() {
    return "GroupNorm(" + groups + ", " + channels + ")";
  }
}
