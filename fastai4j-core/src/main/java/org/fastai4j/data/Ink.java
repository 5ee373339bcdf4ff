package org.fastai4j.data;

/**
 * Strokes as pixels, boxed and centered as MNIST's are: the longer side of the ink's box is 20
 * pixels, and the center of mass lies in the middle of 28 by 28.
 */
final class Ink {
  static final int SIDE = 28;
  static final int BOX = 20;

  /** Subpixels a pixel, in each direction. */
  private static final int FINE = 2;

  private static final int GRID = BOX * FINE;

  private Ink() {}

  /**
   * Renders strokes.
   *
   * @param strokes {@code [stroke][point]} as {@code {x, y, width}}; they are moved and scaled
   * @param thickness the pen's width in pixels where a point's width is 1
   * @param softness over how many pixels an edge fades
   */
  static byte[] render(double[][][] strokes, double thickness, double softness) {
    fit(strokes, thickness / 2);
    return center(shrink(paint(strokes, softness * FINE)));
  }

  /** Scales points and radii to subpixels so that the ink just fits the box. */
  private static void fit(double[][][] strokes, double radius) {
    double[] bare = bounds(strokes, 0);
    double size = Math.max(bare[2] - bare[0], bare[3] - bare[1]);
    double scale = (BOX - 2 * radius) / Math.max(size, 1e-6);
    for (double[][] stroke : strokes) {
      for (double[] p : stroke) {
        p[0] *= scale;
        p[1] *= scale;
        p[2] *= radius;
      }
    }
    double[] inked = bounds(strokes, 1);
    double fit = GRID / Math.max(inked[2] - inked[0], inked[3] - inked[1]);
    for (double[][] stroke : strokes) {
      for (double[] p : stroke) {
        p[0] = (p[0] - inked[0]) * fit;
        p[1] = (p[1] - inked[1]) * fit;
        p[2] *= fit;
      }
    }
  }

  private static double[] bounds(double[][][] strokes, double radii) {
    double[] box = {
      Double.POSITIVE_INFINITY,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (double[][] stroke : strokes) {
      for (double[] p : stroke) {
        double r = radii * p[2];
        box[0] = Math.min(box[0], p[0] - r);
        box[1] = Math.min(box[1], p[1] - r);
        box[2] = Math.max(box[2], p[0] + r);
        box[3] = Math.max(box[3], p[1] + r);
      }
    }
    return box;
  }

  /** How much of each subpixel is inked: every piece of a stroke is a capsule with a soft edge. */
  private static float[] paint(double[][][] strokes, double softness) {
    float[] fine = new float[GRID * GRID];
    for (double[][] stroke : strokes) {
      for (int i = 1; i < stroke.length; i++) {
        paint(fine, stroke[i - 1], stroke[i], softness);
      }
    }
    return fine;
  }

  private static void paint(float[] fine, double[] a, double[] b, double softness) {
    double dx = b[0] - a[0];
    double dy = b[1] - a[1];
    double square = dx * dx + dy * dy + 1e-9;
    double slope = b[2] - a[2];
    double reach = Math.max(a[2], b[2]) + softness / 2;
    int left = Math.max(0, (int) (Math.min(a[0], b[0]) - reach));
    int right = Math.min(GRID - 1, (int) (Math.max(a[0], b[0]) + reach));
    int top = Math.max(0, (int) (Math.min(a[1], b[1]) - reach));
    int bottom = Math.min(GRID - 1, (int) (Math.max(a[1], b[1]) + reach));
    for (int row = top; row <= bottom; row++) {
      double y = row + 0.5 - a[1];
      for (int column = left; column <= right; column++) {
        int at = row * GRID + column;
        if (fine[at] < 1) {
          double x = column + 0.5 - a[0];
          double t = Math.min(1, Math.max(0, (x * dx + y * dy) / square));
          double offX = x - t * dx;
          double offY = y - t * dy;
          double distance = offX * offX + offY * offY;
          if (distance < reach * reach) {
            double cover = (a[2] + t * slope - Math.sqrt(distance)) / softness + 0.5;
            fine[at] = (float) Math.max(fine[at], Math.min(1, cover));
          }
        }
      }
    }
  }

  /** The mean of each pixel's subpixels, 0 to 255. */
  private static int[] shrink(float[] fine) {
    int[] box = new int[BOX * BOX];
    for (int row = 0; row < BOX; row++) {
      for (int column = 0; column < BOX; column++) {
        float sum = 0;
        for (int y = 0; y < FINE; y++) {
          for (int x = 0; x < FINE; x++) {
            sum += fine[(row * FINE + y) * GRID + column * FINE + x];
          }
        }
        box[row * BOX + column] = Math.round(sum * 255 / (FINE * FINE));
      }
    }
    return box;
  }

  /** Copies the box to where its center of mass is nearest to the image's center. */
  private static byte[] center(int[] box) {
    long mass = 0;
    long massX = 0;
    long massY = 0;
    for (int i = 0; i < box.length; i++) {
      mass += box[i];
      massX += (long) box[i] * (i % BOX);
      massY += (long) box[i] * (i / BOX);
    }
    int left = offset(massX, mass);
    int top = offset(massY, mass);
    byte[] image = new byte[SIDE * SIDE];
    for (int row = 0; row < BOX; row++) {
      for (int column = 0; column < BOX; column++) {
        int y = row + top;
        int x = column + left;
        int ink = box[row * BOX + column];
        if (ink > 0 && y >= 0 && y < SIDE && x >= 0 && x < SIDE) {
          image[y * SIDE + x] = (byte) ink;
        }
      }
    }
    return image;
  }

  private static int offset(long moment, long mass) {
    return SIDE / 2 - (int) Math.round((double) moment / Math.max(1, mass));
  }
}
