package org.fastai4j.nn;

import java.util.Arrays;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Index;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * A convolution over images.
 *
 * <p>Shapes: input {@code [n, in, h, w]}, output {@code [n, out, (h + 2·padding - dilation·(kernel
 * - 1) - 1) / stride + 1, ...]}; {@code weight} is {@code [out, in / groups, kernel, kernel]}.
 */
public final class Conv2d extends Convolution {
  private static final long FEWEST_IMAGES = 32;
  private static final long MOST_WINDOWS = 4;

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
    if (isProduct(p, rows, columns)) {
      return product(p, rows, columns);
    }
    if (isPixels(p)) {
      return pixels(p);
    }
    if (isUnfolded(p, rows, columns)) {
      return unfolded(p, rows, columns);
    }
    Tensor kernel = Taps.cut(weight(), rows, columns);
    long[] pad = {rows.padding(), columns.padding()};
    return options.bias
        ? p.conv2d(kernel, bias(), options.stride, pad, options.dilation, options.groups)
        : p.conv2d(kernel, options.stride, pad, options.dilation, options.groups);
  }

  /**
   * Whether the images are so small that each window meets all of one, which makes the whole a
   * product of matrices. One window pays, if no copy of the kernel is to be made first. For more
   * windows, the kernel is copied for each: that pays in bfloat16, whose convolutions over few
   * pixels are slow, with many channels and enough images.
   */
  private boolean isProduct(Tensor x, Taps rows, Taps columns) {
    if (!rows.alike() || !columns.alike() || !isImages(x)) {
      return false;
    }
    boolean last = !weight().isContiguous();
    long windows = rows.windows() * columns.windows();
    if (windows == 1) {
      return last || (rows.all() && columns.all());
    }
    return last
        && isHalf(x)
        && weight().size(0) * weight().size(1) >= Taps.FEWEST_WEIGHTS
        && windows * rows.image() * columns.image() <= 2 * rows.size() * columns.size()
        && x.size(0) >= FEWEST_IMAGES;
  }

  /** Whether no mistake is to be reported by the engine, which tells it in terms of images. */
  private boolean isImages(Tensor x) {
    return x.dim() == 4
        && options.groups == 1
        && x.size(1) == weight().size(1)
        && (x.dtype() == weight().dtype() || isHalf(x));
  }

  /** Whether weights are converted to bfloat16 on a CPU. */
  private static boolean isHalf(Tensor x) {
    return x.dtype() == DType.BFLOAT16
        && x.device().equals(Device.CPU)
        && Torch.isAutocastEnabled(Device.CPU);
  }

  private Tensor product(Tensor x, Taps rows, Taps columns) {
    boolean last = !weight().isContiguous();
    int axis = last ? 1 : 2;
    long windows = rows.windows() * columns.windows();
    Tensor kernel = (windows == 1 ? Taps.cut(weight(), rows, columns) : weight()).to(x.dtype());
    if (last) {
      kernel = kernel.permute(0, 2, 3, 1);
      x = x.permute(0, 2, 3, 1);
    }
    Tensor matrix = windows == 1 ? kernel.flatten(1, -1) : Taps.windows(kernel, rows, columns);
    Tensor y = linear(columns.met(rows.met(x, axis), axis + 1).flatten(1, -1), matrix, windows);
    Tensor images = y.view(y.size(0), weight().size(0), rows.windows(), columns.windows());
    // One pixel is laid out either way; the layers that follow take it, and its gradient, for this.
    return own(windows == 1 ? images : images.channelsLast());
  }

  /** The product, and the bias where there is one, for each of {@code times} rows of a channel. */
  private Tensor linear(Tensor x, Tensor matrix, long times) {
    if (!options.bias) {
      return x.linear(matrix);
    }
    Tensor bias = times == 1 ? bias() : bias().view(-1, 1).repeat(1, times).flatten();
    return x.linear(matrix, bias);
  }

  /** Not a view where there are no gradients, which could not be changed in place later. */
  private static Tensor own(Tensor view) {
    return Autograd.isGradEnabled() ? view : view.copy();
  }

  /** Whether single pixels, not all of them, are multiplied: slow as a convolution in bfloat16. */
  private boolean isPixels(Tensor x) {
    long[] one = {1, 1};
    return Arrays.equals(options.kernel, one)
        && !Arrays.equals(options.stride, one)
        && Arrays.equals(options.padding, new long[2])
        && isImages(x)
        && isHalf(x)
        && x.stride()[1] == 1;
  }

  private Tensor pixels(Tensor x) {
    Tensor met =
        x.permute(0, 2, 3, 1)
            .get(Index.all(), Index.every(options.stride[0]), Index.every(options.stride[1]));
    return images(linear(met.flatten(0, 2), weight().flatten(1, -1), 1), met.size(1), met.size(2));
  }

  /**
   * Whether there are so few windows that what they meet is copied, and multiplied: in bfloat16,
   * whose convolutions over few pixels are slow.
   */
  private boolean isUnfolded(Tensor x, Taps rows, Taps columns) {
    long windows = rows.windows() * columns.windows();
    return windows > 0
        && windows <= MOST_WINDOWS
        && isImages(x)
        && isHalf(x)
        && x.stride()[1] == 1
        && !weight().isContiguous()
        && weight().size(0) * weight().size(1) > Taps.FEWEST_WEIGHTS;
  }

  private Tensor unfolded(Tensor x, Taps rows, Taps columns) {
    Tensor met = Taps.unfold(x.permute(0, 2, 3, 1), rows, columns);
    Tensor matrix = weight().permute(0, 2, 3, 1).flatten(1, -1);
    return images(linear(met, matrix, 1), rows.windows(), columns.windows());
  }

  /** Images with their channels last, of a row for each pixel. */
  private Tensor images(Tensor rows, long height, long width) {
    long out = weight().size(0);
    return own(rows.view(rows.size(0) / (height * width), height, width, out).permute(0, 3, 1, 2));
  }
}
