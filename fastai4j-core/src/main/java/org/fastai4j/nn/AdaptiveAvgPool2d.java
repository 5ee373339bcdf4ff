package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * Means over windows of whatever size makes {@code [n, c, h, w]} to {@code [n, c, height, width]}.
 */
public final class AdaptiveAvgPool2d extends Module {
  final int height;
  final int width;

  public AdaptiveAvgPool2d(int size) {
    this(size, size);
  }

  public AdaptiveAvgPool2d(int height, int width) {
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.adaptiveAvgPool2d(height, width);
  }

  @Override
  public String toString() {
    return "AdaptiveAvgPool2d(" + (height == width ? "" + height : height + ", " + width) + ")";
  }
}
