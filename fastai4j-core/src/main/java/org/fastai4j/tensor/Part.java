package org.fastai4j.tensor;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A block of a parameter that nets compute with, {@link Tensor#part}, as a leaf on the parameter's
 * own memory.
 *
 * <p>Its axes are those of the parameter in the order of memory, so that its gradient, which is
 * dense, has its elements in the parameter's order too.
 */
public final class Part {
  private final long[] start;
  private final long[] length;
  private final int[] order;
  private final int[] inverse;
  private final Tensor leaf;

  Part(Tensor whole, long[] start, long[] length) {
    this.start = start.clone();
    this.length = length.clone();
    long[] strides = whole.stride();
    order =
        IntStream.range(0, strides.length)
            .boxed()
            .sorted(Comparator.comparingLong(axis -> -strides[axis]))
            .mapToInt(axis -> axis)
            .toArray();
    inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    leaf = Scope.keep(Scope.compute(() -> of(whole.detach()).tensorData()));
    leaf.requiresGrad_();
  }

  /** A leaf with its elements; change them with recording off. Its {@code grad()} is theirs. */
  public Tensor tensor() {
    return leaf;
  }

  /** The same block of a tensor of the parameter's shape, as a view with the axes of this part. */
  public Tensor of(Tensor other) {
    return other.narrow(start, length).permute(order);
  }

  boolean covers(long[] otherStart, long[] otherLength) {
    return Arrays.equals(start, otherStart) && Arrays.equals(length, otherLength);
  }

  /** The leaf, with the axes of the parameter. */
  Tensor view() {
    return leaf.permute(inverse);
  }
}
