package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * A convolution over images.
 *
 * <p>Shapes: input {@code [n, in, h, w]}, output {@code [n, out, (h + 2·padding - dilation·(kernel
 * - 1) - 1) / stride + 1, ...]}; {@code weight} is {@code [out, in / groups, kernel, kernel]}.
 */
public final class Conv2d extends Convolution {
  private final long[] padding = zeroPadding();

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
    this(in, out, ConvOptions.kernel(kernel).stride(stride).padding(padding));
  }

  /** As the other constructors, with all the options there are. */
  public Conv2d(int in, int out, ConvOptions options) {
    super(in, out, 2, false, options);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor p = padded(x);
    return options.bias
        ? p.conv2d(weight(), bias(), options.stride, padding, options.dilation, options.groups)
        : p.conv2d(weight(), options.stride, padding, options.dilation, options.groups);
  }
}
