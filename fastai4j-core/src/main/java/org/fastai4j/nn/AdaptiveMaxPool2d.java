package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * Maxima over windows of whatever size makes {@code [n, c, h, w]} to {@code [n, c, height, width]}.
 */
public final class AdaptiveMaxPool2d extends AdaptivePool2d {
  public AdaptiveMaxPool2d(int size) {
    this(size, size);
  }

  public AdaptiveMaxPool2d(int height, int width) {
    super(height, width);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.adaptiveMaxPool2d(height, width);
  }
}
