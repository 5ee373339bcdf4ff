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
    Taps rows = Taps.of(p.size(-2), options, padding, 0);
    Taps columns = Taps.of(p.size(-1), options, padding, 1);
    Tensor kernel = weight();
    if (!rows.all() || !columns.all()) {
      // The gradient of a part is laid out as the part is: keep the channels where they are.
      boolean last = !kernel.isContiguous();
      kernel = last ? kernel.permute(0, 2, 3, 1) : kernel;
      int axis = last ? 1 : 2;
      kernel = columns.of(rows.of(kernel, axis), axis + 1);
      kernel = last ? kernel.permute(0, 3, 1, 2) : kernel;
    }
    long[] pad = {rows.padding(), columns.padding()};
    return options.bias
        ? p.conv2d(kernel, bias(), options.stride, pad, options.dilation, options.groups)
        : p.conv2d(kernel, options.stride, pad, options.dilation, options.groups);
  }

  /**
   * The numbers of a kernel, along an axis, that ever meet the image: of three by three over one
   * pixel with a border of zeros, only that in the middle. The others need not be multiplied.
   */
  private record Taps(long from, long to, long size, long padding) {
    static Taps of(long image, ConvOptions options, long[] padding, int axis) {
      long size = options.kernel[axis];
      long stride = options.stride[axis];
      long pad = padding[axis];
      long last = (image + 2 * pad - size) / stride * stride; // where the last window begins
      long from = Math.max(0, pad - last);
      long to = Math.min(size, image + pad);
      boolean same = (image + 2 * (pad - from) - (to - from)) / stride * stride == last;
      return options.dilation[axis] == 1 && last >= 0 && from < to && same
          ? new Taps(from, to, size, pad - from)
          : new Taps(0, size, size, pad);
    }

    boolean all() {
      return to - from == size;
    }

    Tensor of(Tensor kernel, int axis) {
      return all() ? kernel : kernel.narrow(axis, from, to - from);
    }
  }
}
