package org.fastai4j.metrics;

import java.util.Arrays;

/** Numbers in order, equal ones together. */
final class Ranks {
  private final double[] distinct;

  Ranks(double[] values) {
    double[] sorted = Arrays.stream(values).map(Ranks::withoutSign).sorted().toArray();
    int n = 0;
    for (double value : sorted) {
      if (n == 0 || Double.compare(value, sorted[n - 1]) != 0) {
        sorted[n++] = value;
      }
    }
    distinct = Arrays.copyOf(sorted, n);
  }

  /** 0 for both zeros, which are equal but sort as if they were not. */
  private static double withoutSign(double value) {
    return value + 0.0;
  }

  /** How many different numbers there are. */
  int groups() {
    return distinct.length;
  }

  /** The number that group {@code i} has, the smallest first. */
  double number(int i) {
    return distinct[i];
  }

  /** Which group the number is in. */
  int group(double value) {
    return Arrays.binarySearch(distinct, withoutSign(value));
  }

  /** The place of each number from 1 on; equal ones get the mean of theirs. */
  static double[] of(double[] values) {
    Ranks ranks = new Ranks(values);
    int[] sizes = new int[ranks.groups()];
    for (double v : values) {
      sizes[ranks.group(v)]++;
    }
    double[] places = new double[sizes.length];
    int before = 0;
    for (int i = 0; i < sizes.length; i++) {
      places[i] = before + (sizes[i] + 1) / 2.0;
      before += sizes[i];
    }
    return Arrays.stream(values).map(v -> places[ranks.group(v)]).toArray();
  }
}
