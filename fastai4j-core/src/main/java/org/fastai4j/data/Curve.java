package org.fastai4j.data;

import java.util.ArrayList;
import java.util.List;

/** Smooth curves through a stroke's points. */
final class Curve {
  private static final int PIECES = 8;

  private Curve() {}

  /**
   * Joins the points by centripetal Catmull-Rom splines, which neither overshoot nor loop, broken
   * at corners.
   */
  static List<double[]> through(double[][] points) {
    List<double[]> line = new ArrayList<>(points.length * PIECES);
    for (int i = 0; i + 1 < points.length; i++) {
      double[] p1 = points[i];
      double[] p2 = points[i + 1];
      double[] p0 = i == 0 || p1[2] > 0 ? beyond(p2, p1) : points[i - 1];
      double[] p3 = i + 2 == points.length || p2[2] > 0 ? beyond(p1, p2) : points[i + 2];
      double t1 = interval(p0, p1);
      double t2 = t1 + interval(p1, p2);
      double t3 = t2 + interval(p2, p3);
      for (int k = 0; k < PIECES; k++) {
        double t = t1 + (t2 - t1) * k / PIECES;
        line.add(
            new double[] {
              spline(p0[0], p1[0], p2[0], p3[0], t1, t2, t3, t),
              spline(p0[1], p1[1], p2[1], p3[1], t1, t2, t3, t)
            });
      }
    }
    line.add(points[points.length - 1].clone());
    return line;
  }

  private static double[] beyond(double[] from, double[] to) {
    return new double[] {2 * to[0] - from[0], 2 * to[1] - from[1]};
  }

  private static double interval(double[] a, double[] b) {
    return Math.sqrt(distance(a, b)) + 1e-6;
  }

  private static double distance(double[] a, double[] b) {
    double dx = b[0] - a[0];
    double dy = b[1] - a[1];
    return Math.sqrt(dx * dx + dy * dy);
  }

  /** Barry and Goldman's pyramid, with the first knot at 0. */
  private static double spline(
      double p0, double p1, double p2, double p3, double t1, double t2, double t3, double t) {
    double a1 = p0 + (p1 - p0) * t / t1;
    double a2 = p1 + (p2 - p1) * (t - t1) / (t2 - t1);
    double a3 = p2 + (p3 - p2) * (t - t2) / (t3 - t2);
    double b1 = a1 + (a2 - a1) * t / t2;
    double b2 = a2 + (a3 - a2) * (t - t1) / (t3 - t1);
    return b1 + (b2 - b1) * (t - t1) / (t2 - t1);
  }

  /** Places points at equal distances of about {@code step} along the line. */
  static double[][] evenly(List<double[]> line, double step) {
    double length = 0;
    for (int i = 1; i < line.size(); i++) {
      length += distance(line.get(i - 1), line.get(i));
    }
    int pieces = Math.max(2, (int) (length / step));
    double[][] even = new double[pieces + 1][];
    double walked = 0;
    int next = 0;
    for (int i = 1; i < line.size(); i++) {
      double[] a = line.get(i - 1);
      double[] b = line.get(i);
      double piece = distance(a, b);
      while (next < pieces && next * length / pieces <= walked + piece) {
        double t = piece == 0 ? 0 : (next * length / pieces - walked) / piece;
        even[next++] = new double[] {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), 1};
      }
      walked += piece;
    }
    double[] last = line.get(line.size() - 1);
    while (next <= pieces) {
      even[next++] = new double[] {last[0], last[1], 1};
    }
    return even;
  }

  /** Rounds the corners off: each pass moves every inner point to the mean of its neighborhood. */
  static void smooth(double[][] line, int passes) {
    for (int pass = 0; pass < passes; pass++) {
      double[] before = line[0];
      for (int i = 1; i + 1 < line.length; i++) {
        double[] here = line[i];
        double[] after = line[i + 1];
        line[i] =
            new double[] {
              (before[0] + 2 * here[0] + after[0]) / 4, (before[1] + 2 * here[1] + after[1]) / 4, 1
            };
        before = here;
      }
    }
  }
}
