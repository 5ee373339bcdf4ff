package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * The mean of each window: {@code [n, c, h, w]} to {@code [n, c, (h + 2·padding - kernel) / stride
 * + 1, ...]}.
 */
public final class AvgPool2d extends Module {
  final int kernel;
  final int stride;
  final int padding;
  final boolean ceilMode;
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
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.ceilMode = ceilMode;
    this.countIncludePad = countIncludePad;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.avgPool2d(square(kernel), square(stride), square(padding), ceilMode, countIncludePad);
  }

  private static long[] square(long side) {
    return new long[] {side, side};
  }

  @Override
  public String toString() {
    return "AvgPool2d(kernel="
        + kernel
        + ", stride="
        + stride
        + ", padding="
        + padding
        + (ceilMode ? ", ceilMode=true" : "")
        + (countIncludePad ? ")" : ", countIncludePad=false)");
  }
}
