package org.fastai4j.vision;

import org.fastai4j.tensor.Tensor;

/**
 * Flips, turns, zooms and perspectives of a batch in one resampling.
 *
 * <p>Each image has a matrix of homogeneous coordinates in -1..1 (x right, y down) that sends a
 * pixel of the result to the place where it is read. Matrices are row by row, nine numbers.
 */
final class AffineAugment {
  private static final double[][] SYMMETRIES = {
    {1, 0, 0, 1}, {-1, 0, 0, 1}, {1, 0, 0, -1}, {0, -1, 1, 0},
    {-1, 0, 0, -1}, {0, 1, -1, 0}, {0, 1, 1, 0}, {0, -1, -1, 0}
  };

  private AffineAugment() {}

  static double[] identity() {
    return new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1};
  }

  /** Positive degrees turn the picture clockwise. */
  static double[] rotate(double degrees) {
    double c = Math.cos(Math.toRadians(degrees));
    double s = Math.sin(Math.toRadians(degrees));
    return new double[] {c, s, 0, -s, c, 0, 0, 0, 1};
  }

  /** Enlarged by {@code factor} about a center whose coordinates are in 0..1. */
  static double[] zoom(double factor, double x, double y) {
    double s = 1 / factor;
    return new double[] {s, 0, (1 - s) * (2 * x - 1), 0, s, (1 - s) * (2 * y - 1), 0, 0, 1};
  }

  /** The eight symmetries of a square, in the order of fastai's; 1 is the mirror. */
  static double[] dihedral(int k) {
    double[] p = SYMMETRIES[k];
    return new double[] {p[0], p[1], 0, p[2], p[3], 0, 0, 0, 1};
  }

  /**
   * The picture seen at an angle: the map that takes the corners {@code (±1 ± y, ±1 ± x)} of
   * fastai's warp back to those of the square. With {@code q = 1 - x² - y²} the system of eight
   * equations has this solution.
   */
  static double[] warp(double x, double y) {
    double q = 1 - x * x - y * y;
    double skew = 2 * x * y / q;
    double left = -x * (1 - x * x + y * y) / q;
    double top = -y * (1 + x * x - y * y) / q;
    return new double[] {1, skew, left, skew, 1, top, left, top, 1};
  }

  /** {@code a b}. */
  static double[] product(double[] a, double[] b) {
    double[] out = new double[9];
    for (int i = 0; i < 9; i++) {
      int row = i / 3 * 3;
      int column = i % 3;
      out[i] = a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
    }
    return out;
  }

  /** For a picture that is not square, so that a turn does not shear it. */
  static double[] fitted(double[] matrix, double height, double width) {
    double[] out = matrix.clone();
    out[1] *= height / width;
    out[3] *= width / height;
    return out;
  }

  /**
   * Where the pixels of the result are read, {@code [n, height, width, 2]}.
   *
   * @param matrices one for each image
   */
  static Tensor grid(double[][] matrices, long height, long width, boolean alignCorners) {
    int n = matrices.length;
    boolean affine = true;
    double[] all = new double[9 * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrices[i], 0, all, 9 * i, 9);
      affine &= matrices[i][6] == 0 && matrices[i][7] == 0;
    }
    Tensor m = Tensor.of(all, n, 3, 3).toFloat();
    Tensor places = m.narrow(1, 0, 2).affineGrid(height, width, alignCorners);
    Tensor depth = m.narrow(1, 2, 1).expand(n, 2, 3);
    return affine ? places : places.div_(depth.affineGrid(height, width, alignCorners));
  }

  /**
   * The batch read at the places of {@code grid}. If the result is much smaller, the batch is
   * averaged down first: to {@code 1/d} of its size where {@code d > 1} and {@code d > 2 /
   * (greatest coordinate - least)}. As in fastai, {@code d} compares the height with the result's
   * width.
   */
  static Tensor sample(Tensor x, Tensor grid, String mode, PadMode padMode, boolean alignCorners) {
    double shrink =
        Math.min((double) x.size(2) / grid.size(2), (double) x.size(3) / grid.size(3)) / 2;
    Tensor from = x;
    if (shrink > 1 && shrink > 2 / (grid.max().item() - grid.min().item())) {
      long[] size = {(long) (x.size(2) * (1 / shrink)), (long) (x.size(3) * (1 / shrink))};
      from = x.interpolate(size, "area");
    }
    return from.gridSample(grid, mode, padMode.torch(), alignCorners);
  }
}
