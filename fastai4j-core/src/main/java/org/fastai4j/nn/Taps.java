package org.fastai4j.nn;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.tensor.Tensor;

/**
 * The numbers of a kernel, along an axis, that ever meet the image: of three by three over one
 * pixel with a border of zeros, only that in the middle. The others need not be multiplied.
 *
 * @param image the pixels that any window meets
 * @param from the first number of the kernel
 * @param to the number after the last
 * @param size of the kernel as it was given
 * @param padding zeros before the image, for the kernel cut to these numbers
 * @param stride pixels from one window to the next
 * @param windows how many there are; 0 where the engine is to see to it: gaps in the kernel, or an
 *     image smaller than it
 */
record Taps(long image, long from, long to, long size, long padding, long stride, long windows) {
  static Taps of(long image, ConvOptions options, long[] padding, int axis) {
    long size = options.kernel[axis];
    long stride = options.stride[axis];
    long pad = padding[axis];
    if (options.dilation[axis] != 1 || image + 2 * pad < size) {
      return new Taps(image, 0, size, size, pad, stride, 0);
    }
    long last = (image + 2 * pad - size) / stride * stride; // where the last window begins
    long from = Math.max(0, pad - last);
    long to = Math.min(size, image + pad);
    boolean same = (image + 2 * (pad - from) - (to - from)) / stride * stride == last;
    if (from >= to || !same) {
      return new Taps(image, 0, size, size, pad, stride, last / stride + 1);
    }
    long met = last == 0 ? Math.min(image, to - from) : image;
    return new Taps(met, from, to, size, pad - from, stride, last / stride + 1);
  }

  boolean all() {
    return to - from == size;
  }

  /** Whether each window meets all of what any window meets. */
  boolean alike() {
    return windows > 0 && (windows - 1) * stride <= padding && to - from - padding >= image;
  }

  /** The kernels {@code [out, in, rows, columns]} cut to these numbers, as a view. */
  static Tensor cut(Tensor kernel, Taps rows, Taps columns) {
    if (rows.all() && columns.all()) {
      return kernel;
    }
    // One view, not a slice of a slice: its gradient is filled with zeros once.
    long[] strides = kernel.stride();
    return kernel.asStrided(
        new long[] {kernel.size(0), kernel.size(1), rows.to - rows.from, columns.to - columns.from},
        strides,
        kernel.storageOffset() + rows.from * strides[2] + columns.from * strides[3]);
  }

  /** What any window meets of images. */
  Tensor met(Tensor images, int axis) {
    return images.size(axis) == image ? images : images.narrow(axis, 0, image);
  }

  /** What each window multiplies the image with, if all are {@link #alike}: a new first axis. */
  Tensor windows(Tensor kernel, int axis) {
    List<Tensor> parts = new ArrayList<>();
    for (long window = 0; window < windows; window++) {
      long begin = from + padding - window * stride;
      parts.add(begin == 0 && image == size ? kernel : kernel.narrow(axis, begin, image));
    }
    return parts.size() == 1 ? parts.get(0).unsqueeze(0) : Tensor.stack(parts, 0);
  }
}
