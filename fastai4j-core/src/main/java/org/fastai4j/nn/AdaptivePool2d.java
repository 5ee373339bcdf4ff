package org.fastai4j.nn;

/** Windows of whatever size makes images {@code height} by {@code width}. */
abstract class AdaptivePool2d extends Module {
  final int height;
  final int width;

  AdaptivePool2d(int height, int width) {
    this.height = height;
    this.width = width;
  }

  @Override
  public String toString() {
    String size = height == width ? "" + height : height + ", " + width;
    return getClass().getSimpleName() + "(" + size + ")";
  }
}
