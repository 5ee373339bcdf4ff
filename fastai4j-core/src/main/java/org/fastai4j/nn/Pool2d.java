package org.fastai4j.nn;

/** A square window that moves over images. */
abstract class Pool2d extends Module {
  final int kernel;
  final int stride;
  final int padding;
  final boolean ceilMode;

  Pool2d(int kernel, int stride, int padding, boolean ceilMode) {
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.ceilMode = ceilMode;
  }

  static long[] square(long side) {
    return new long[] {side, side};
  }

  /** The text of the layer, with what a subclass has to add. */
  final String text(String more) {
    return getClass().getSimpleName()
        + "(kernel="
        + kernel
        + ", stride="
        + stride
        + ", padding="
        + padding
        + (ceilMode ? ", ceilMode=true" : "")
        + more
        + ")";
  }
}
