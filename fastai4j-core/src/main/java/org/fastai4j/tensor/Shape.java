package org.fastai4j.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The sizes of a tensor's axes; prints as {@code [6131, 28, 28]}. */
public final class Shape {
  private final long[] sizes;

  private Shape(long[] sizes) {
    this.sizes = sizes;
  }

  /** The shape with these sizes; none at all is a scalar's. */
  public static Shape of(long... sizes) {
    return new Shape(sizes.clone());
  }

  /** The number of axes. */
  public int dim() {
    return sizes.length;
  }

  /** The size of an axis; negative axes count from the last. */
  public long size(int axis) {
    int i = axis < 0 ? axis + sizes.length : axis;
    if (i < 0 || i >= sizes.length) {
      throw new TensorException(
          "shape " + this + " has no axis " + axis + ": it has " + sizes.length + " axes");
    }
    return sizes[i];
  }

  /** The number of elements: the product of the sizes. */
  public long numel() {
    long n = 1;
    for (long s : sizes) {
      n *= s;
    }
    return n;
  }

  /** The sizes, as a fresh array. */
  public long[] toArray() {
    return sizes.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Shape other && Arrays.equals(sizes, other.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return Arrays.stream(sizes)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
