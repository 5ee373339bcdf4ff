package org.fastai4j.vision;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The paper under the ink: a quadratic surface {@code a + b x + c y + d x² + e xy + f y²} fitted to
 * a picture's border, which follows a light from one side and a lens that darkens the corners.
 */
final class Paper {
  private static final int TERMS = 6;
  private static final int ROUNDS = 4;

  /** Border pixels further off than this many deviations are ink that touches the edge. */
  private static final double OUTLIER = 3;

  private final float[] values;
  private final int width;
  private final int height;
  private final int[] border;
  private final double[] terms = new double[TERMS];
  private double[] surface = new double[TERMS];

  private Paper(float[] values, int width, int height) {
    this.values = values;
    this.width = width;
    this.height = height;
    this.border = border(width, height);
    surface[0] = median(i -> values[i]);
  }

  /** Takes the paper from all values and returns its noise (a standard deviation). */
  static double subtract(float[] values, int width, int height) {
    Paper paper = new Paper(values, width, height);
    for (int round = 0; round < ROUNDS; round++) {
      paper.fit(OUTLIER * Math.max(paper.deviation(), 2));
    }
    double noise = paper.deviation();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) paper.rise(i);
    }
    return noise;
  }

  /** How far pixel {@code i} lies above the surface. */
  private double rise(int i) {
    setTerms(i);
    double paper = 0;
    for (int t = 0; t < TERMS; t++) {
      paper += surface[t] * terms[t];
    }
    return values[i] - paper;
  }

  private void setTerms(int i) {
    int column = i % width;
    int row = i / width;
    double x = 2.0 * column / width - 1;
    double y = 2.0 * row / height - 1;
    terms[0] = 1;
    terms[1] = x;
    terms[2] = y;
    terms[3] = x * x;
    terms[4] = x * y;
    terms[5] = y * y;
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

  private double median(IntToDoubleFunction of) {
    double[] sorted = Arrays.stream(border).mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** 1.4826 times the median distance: the standard deviation, whatever a minority does. */
  private double deviation() {
    return 1.4826 * median(i -> Math.abs(rise(i)));
  }

  /** Least squares over the border pixels within {@code reach} of the present surface. */
  private void fit(double reach) {
    double[][] m = new double[TERMS][TERMS + 1];
    for (int i : border) {
      if (Math.abs(rise(i)) <= reach) {
        for (int r = 0; r < TERMS; r++) {
          for (int c = 0; c < TERMS; c++) {
            m[r][c] += terms[r] * terms[c];
          }
          m[r][TERMS] += terms[r] * values[i];
        }
      }
    }
    solve(m);
  }

  /** Gauss-Jordan; the surface stays as it was where the pixels do not determine one. */
  private void solve(double[][] m) {
    for (int p = 0; p < TERMS; p++) {
      if (Math.abs(m[p][p]) < 1e-6) {
        return;
      }
      for (int r = 0; r < TERMS; r++) {
        double factor = r == p ? 0 : m[r][p] / m[p][p];
        for (int c = p; c <= TERMS; c++) {
          m[r][c] -= factor * m[p][c];
        }
      }
    }
    double[] solved = new double[TERMS];
    for (int t = 0; t < TERMS; t++) {
      solved[t] = m[t][TERMS] / m[t][t];
    }
    surface = solved;
  }
}
