package org.fastai4j.nn;

import java.util.List;
import org.fastai4j.tensor.Tensor;

/**
 * Maxima and means over the same windows: {@code [n, c, h, w]} to {@code [n, 2c, size, size]}, the
 * maxima first. It begins fastai's heads.
 */
public final class AdaptiveConcatPool2d extends AdaptivePool2d {
  /** One number of each kind for each channel. */
  public AdaptiveConcatPool2d() {
    this(1);
  }

  public AdaptiveConcatPool2d(int size) {
    super(size, size);
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.dim() == 4 && x.size(2) == height && x.size(3) == width && x.dtype().isFloatingPoint()) {
      return Tensor.cat(List.of(x, x), 1); // a pixel is the maximum and the mean of itself
    }
    return Tensor.cat(
        List.of(x.adaptiveMaxPool2d(height, width), x.adaptiveAvgPool2d(height, width)), 1);
  }
}
