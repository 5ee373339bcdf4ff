package org.fastai4j.vision;

import java.util.Arrays;

/** The paper under the ink: a plane {@code a + b x + c y} fitted to a picture's border. */
final class Paper {
  private static final int ROUNDS = 4;

  /**
   * Border pixels further from the plane than this many deviations are ink that touches the edge.
   */
  private static final double OUTLIER = 3;

  private Paper() {}

  /** Takes the paper from all values and returns its noise (a standard deviation). */
  static double subtract(float[] values, int width, int height) {
    int[] border = border(width, height);
    double[] plane = {median(values, border), 0, 0};
    double noise = 0;
    for (int round = 0; round < ROUNDS; round++) {
      noise = deviation(values, border, width, plane);
      double reach = OUTLIER * Math.max(noise, 2);
      plane = fit(values, border, width, plane, reach);
    }
    noise = deviation(values, border, width, plane);
    for (int i = 0; i < values.length; i++) {
      values[i] -= (float) at(plane, i, width);
    }
    return noise;
  }

  private static double at(double[] plane, int i, int width) {
    int x = i % width;
    int y = i / width;
    return plane[0] + plane[1] * x + plane[2] * y;
  }

  private static int[] border(int width, int height) {
    int depth = Math.max(1, Math.min(width, height) / 25);
    int[] out = new int[width * height];
    int n = 0;
    for (int i = 0; i < out.length; i++) {
      int x = i % width;
      int y = i / width;
      if (x < depth || y < depth || x >= width - depth || y >= height - depth) {
        out[n++] = i;
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static double median(float[] values, int[] at) {
    double[] sorted = Arrays.stream(at).mapToDouble(i -> values[i]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** 1.4826 times the median distance from the plane: the deviation, whatever a minority does. */
  private static double deviation(float[] values, int[] border, int width, double[] plane) {
    double[] sorted =
        Arrays.stream(border)
            .mapToDouble(i -> Math.abs(values[i] - at(plane, i, width)))
            .sorted()
            .toArray();
    return 1.4826 * sorted[sorted.length / 2];
  }

  /** Least squares over the border pixels within {@code reach} of the present plane. */
  private static double[] fit(
      float[] values, int[] border, int width, double[] plane, double reach) {
    double[][] m = new double[3][4];
    for (int i : border) {
      if (Math.abs(values[i] - at(plane, i, width)) <= reach) {
        int x = i % width;
        int y = i / width;
        double[] row = {1, x, y, values[i]};
        for (int r = 0; r < 3; r++) {
          for (int c = 0; c < 4; c++) {
            m[r][c] += row[r] * row[c];
          }
        }
      }
    }
    return solved(m, plane);
  }

  /** Gauss-Jordan; the plane as it was where the pixels do not determine one. */
  private static double[] solved(double[][] m, double[] otherwise) {
    for (int p = 0; p < 3; p++) {
      if (Math.abs(m[p][p]) < 1e-6) {
        return otherwise;
      }
      for (int r = 0; r < 3; r++) {
        double factor = r == p ? 0 : m[r][p] / m[p][p];
        for (int c = p; c < 4; c++) {
          m[r][c] -= factor * m[p][c];
        }
      }
    }
    return new double[] {m[0][3] / m[0][0], m[1][3] / m[1][1], m[2][3] / m[2][2]};
  }
}
