package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * The largest element of each window: {@code [n, c, h, w]} to {@code [n, c, (h + 2·padding -
 * kernel) / stride + 1, ...]}.
 */
public final class MaxPool2d extends Pool2d {
  final int dilation;

  /** Windows side by side. */
  public MaxPool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  public MaxPool2d(int kernel, int stride, int padding) {
    this(kernel, stride, padding, 1, false);
  }

  /**
   * @param dilation pixels from one row of the window to its next
   * @param ceilMode whether a window that reaches over the last edge counts too
   */
  public MaxPool2d(int kernel, int stride, int padding, int dilation, boolean ceilMode) {
    super(kernel, stride, padding, ceilMode);
    this.dilation = dilation;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.maxPool2d(square(kernel), square(stride), square(padding), square(dilation), ceilMode);
  }

  @Override
  public String toString() {
    return text(dilation == 1 ? "" : ", dilation=" + dilation);
  }
}
