package org.fastai4j.nn;

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
  /** The fewest input by output channels for which products of several windows and parts pay. */
  static final long FEWEST_WEIGHTS = 64 * 64;

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

  /**
   * The kernels {@code [out, in, rows, columns]} cut to these numbers, as a view; with many
   * channels a {@linkplain Tensor#part part}, which learns by itself.
   */
  static Tensor cut(Tensor kernel, Taps rows, Taps columns) {
    if (rows.all() && columns.all()) {
      return kernel;
    }
    long[] start = {0, 0, rows.from, columns.from};
    long[] length = {
      kernel.size(0), kernel.size(1), rows.to - rows.from, columns.to - columns.from
    };
    // For few channels, to copy the part in and out of the optimizer's step costs what it spares.
    return kernel.size(0) * kernel.size(1) < FEWEST_WEIGHTS
        ? kernel.narrow(start, length)
        : kernel.part(start, length);
  }

  /** What any window meets of images. */
  Tensor met(Tensor images, int axis) {
    return images.size(axis) == image ? images : images.narrow(axis, 0, image);
  }

  /**
   * What each window multiplies all of an image with, if all are {@link #alike}: of kernels {@code
   * [out, rows, columns, in]}, {@code [out · windows, pixels · in]}.
   */
  static Tensor windows(Tensor kernel, Taps rows, Taps columns) {
    long windows = rows.windows * columns.windows;
    long[] met = new long[Math.toIntExact(windows * rows.image * columns.image)];
    int n = 0;
    for (long i = 0; i < rows.windows; i++) {
      for (long j = 0; j < columns.windows; j++) {
        for (long row = 0; row < rows.image; row++) {
          for (long column = 0; column < columns.image; column++) {
            met[n++] = (row - rows.begin(i)) * columns.size + column - columns.begin(j);
          }
        }
      }
    }
    return kernel
        .flatten(1, 2)
        .indexSelect(1, Tensor.of(met))
        .view(kernel.size(0) * windows, met.length / windows * kernel.size(3));
  }

  /**
   * What each window meets of images {@code [n, rows, columns, in]}, zeros where it is over their
   * edge: {@code [n · windows, kernel · in]}.
   */
  static Tensor unfold(Tensor images, Taps rows, Taps columns) {
    long height = images.size(1);
    long width = images.size(2);
    long windows = rows.windows * columns.windows;
    long[] met = new long[Math.toIntExact(windows * rows.size * columns.size)];
    int n = 0;
    for (long i = 0; i < rows.windows; i++) {
      for (long j = 0; j < columns.windows; j++) {
        for (long row = rows.begin(i); row < rows.begin(i) + rows.size; row++) {
          for (long column = columns.begin(j); column < columns.begin(j) + columns.size; column++) {
            boolean inside = row >= 0 && row < height && column >= 0 && column < width;
            met[n++] = inside ? row * width + column : height * width;
          }
        }
      }
    }
    return images
        .flatten(1, 2)
        .pad(new long[] {0, 0, 0, 1}, 0) // a pixel of zeros behind the others
        .indexSelect(1, Tensor.of(met))
        .view(images.size(0) * windows, met.length / windows * images.size(3));
  }

  /** The pixel that a window begins at, negative in the border. */
  private long begin(long window) {
    return window * stride - padding - from;
  }
}
