package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * The mean of each window: {@code [n, c, h, w]} to {@code [n, c, (h + 2·padding - kernel) / stride
 * + 1, ...]}.
 */
public final class AvgPool2d extends Pool2d {
  final boolean countIncludePad;

  /** Windows side by side. */
  public AvgPool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  public AvgPool2d(int kernel, int stride, int padding) {
    this(kernel, stride, padding, false, true);
  }

  /**
   * @param ceilMode whether a window that reaches over the last edge counts too
   * @param countIncludePad whether the padding counts as zeros, or not at all
   */
  public AvgPool2d(int kernel, int stride, int padding, boolean ceilMode, boolean countIncludePad) {
    super(kernel, stride, padding, ceilMode);
    this.countIncludePad = countIncludePad;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.avgPool2d(square(kernel), square(stride), square(padding), ceilMode, countIncludePad);
  }

  @Override
  public String toString() {
    return text(countIncludePad ? "" : ", countIncludePad=false");
  }
}
