package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * A convolution over images.
 *
 * <p>Shapes: input {@code [n, in, h, w]}, output {@code [n, out, (h + 2·padding - kernel) / stride
 * + 1, ...]}; {@code weight} is {@code [out, in, kernel, kernel]}.
 */
public final class Conv2d extends Module {
  private final String name;
  private final long[] stride;
  private final long[] padding;
  private final Tensor weight;
  private final Tensor bias;

  /** A kernel that moves one pixel at a time, over the image alone. */
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, 1, 0);
  }

  /**
   * Draws weight and bias from {@code U(-1/√n, 1/√n)} with {@code n = in · kernel²}, as PyTorch
   * does.
   *
   * @param stride pixels from one window to the next
   * @param padding zeros added at each edge
   */
  public Conv2d(int in, int out, int kernel, int stride, int padding) {
    name =
        "Conv2d(in=%d, out=%d, kernel=%d, stride=%d, padding=%d)"
            .formatted(in, out, kernel, stride, padding);
    this.stride = new long[] {stride, stride};
    this.padding = new long[] {padding, padding};
    double bound = 1 / Math.sqrt((double) in * kernel * kernel);
    weight = parameter("weight", Tensor.uniform(-bound, bound, out, in, kernel, kernel));
    bias = parameter("bias", Tensor.uniform(-bound, bound, out));
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.conv2d(weight, bias, stride, padding, new long[] {1, 1}, 1);
  }

  @Override
  public String toString() {
    return name;
  }
}
