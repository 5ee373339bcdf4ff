package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * Means over windows of whatever size makes {@code [n, c, h, w]} to {@code [n, c, height, width]}.
 */
public final class AdaptiveAvgPool2d extends AdaptivePool2d {
  public AdaptiveAvgPool2d(int size) {
    this(size, size);
  }

  public AdaptiveAvgPool2d(int height, int width) {
    super(height, width);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.adaptiveAvgPool2d(height, width);
  }
}
