package org.fastai4j.vision;

import java.util.Arrays;

/**
 * PIL's resize with the bilinear (triangle) filter: when shrinking, the triangle is widened by the
 * factor, so that every source pixel counts.
 *
 * <p>Columns first, then rows, each in fixed point of 22 bits and rounded to bytes, as PIL does.
 */
final class Resample {
  private static final int BITS = 22;
  private static final int HALF = 1 << (BITS - 1);

  private Resample() {}

  /** {@code [height, width, channels]} to {@code [toHeight, toWidth, channels]}. */
  static byte[] bilinear(
      byte[] in, int width, int height, int channels, int toWidth, int toHeight) {
    byte[] columns = axis(in, height, width, channels, toWidth);
    return axis(columns, 1, height, toWidth * channels, toHeight);
  }

  /** Resizes the middle axis: {@code [outer, n, inner]} to {@code [outer, to, inner]}. */
  private static byte[] axis(byte[] in, int outer, int n, int inner, int to) {
    if (n == to) {
      return in;
    }
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(outer, to), inner)];
    double scale = (double) n / to;
    double support = Math.max(1, scale);
    int[] weights = new int[(int) Math.ceil(support) * 2 + 1];
    int[] sums = new int[inner];
    for (int i = 0; i < to; i++) {
      double center = (i + 0.5) * scale;
      int first = Math.max(0, (int) (center - support + 0.5));
      int count = Math.min(n, (int) (center + support + 0.5)) - first;
      weigh(weights, first, count, center, support);
      for (int o = 0; o < outer; o++) {
        Arrays.fill(sums, HALF);
        for (int k = 0; k < count; k++) {
          addRow(in, (o * n + first + k) * inner, weights[k], sums);
        }
        putRow(sums, out, (o * to + i) * inner);
      }
    }
    return out;
  }

  private static void weigh(int[] weights, int first, int count, double center, double support) {
    double total = 0;
    for (int k = 0; k < count; k++) {
      total += triangle((first + k - center + 0.5) / support);
    }
    for (int k = 0; k < count; k++) {
      double share = triangle((first + k - center + 0.5) / support) / total;
      weights[k] = (int) (0.5 + share * (1 << BITS));
    }
  }

  private static double triangle(double x) {
    return Math.max(0, 1 - Math.abs(x));
  }

  private static void addRow(byte[] in, int at, int weight, int[] sums) {
    for (int c = 0; c < sums.length; c++) {
      sums[c] += (in[at + c] & 0xFF) * weight;
    }
  }

  private static void putRow(int[] sums, byte[] out, int at) {
    for (int c = 0; c < sums.length; c++) {
      out[at + c] = (byte) Math.max(0, Math.min(255, sums[c] >> BITS));
    }
  }
}
