package org.fastai4j.metrics;

import java.util.Arrays;

/** Numbers that become more. */
final class Doubles {
  private double[] values = {};
  private int size;

  void addAll(double[] more) {
    int needed = Math.addExact(size, more.length);
    if (needed > values.length) {
      values = Arrays.copyOf(values, (int) Math.max(needed, Math.min(2L * size, 1 << 30)));
    }
    System.arraycopy(more, 0, values, size, more.length);
    size = needed;
  }

  double at(int i) {
    return values[i];
  }

  int size() {
    return size;
  }

  double[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
