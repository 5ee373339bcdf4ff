package org.fastai4j.metrics;

import java.util.function.DoubleUnaryOperator;

/** A search for the maximum of a function of one number. Kiefer, 1953. */
final class GoldenSection {
  private static final double PART = (Math.sqrt(5) - 1) / 2;

  private GoldenSection() {}

  /** The largest value found, at a place within {@code tolerance} of a maximum. */
  static double maximum(DoubleUnaryOperator f, double low, double high, double tolerance) {
    double a = low;
    double b = high;
    double left = b - PART * (b - a);
    double right = a + PART * (b - a);
    double atLeft = f.applyAsDouble(left);
    double atRight = f.applyAsDouble(right);
    double best = Math.max(atLeft, atRight);
    while (b - a > tolerance) {
      if (atLeft >= atRight) {
        b = right;
        right = left;
        atRight = atLeft;
        left = b - PART * (b - a);
        atLeft = f.applyAsDouble(left);
        best = Math.max(best, atLeft);
      } else {
        a = left;
        left = right;
        atLeft = atRight;
        right = a + PART * (b - a);
        atRight = f.applyAsDouble(right);
        best = Math.max(best, atRight);
      }
    }
    return best;
  }
}
