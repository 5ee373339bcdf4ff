package org.fastai4j.metrics;

/**
 * How often one class was there, was predicted, and both; the counts that precision and its kin are
 * made of. A score whose denominator is 0 is 0, as in scikit-learn.
 *
 * @param right items of the class that were predicted to be (true positives)
 * @param predicted items predicted to be of the class
 * @param actual items of the class
 * @param items all items
 */
public record ClassCounts(long right, long predicted, long actual, long items) {

  /** The share of the predicted ones that are right, {@code right / predicted}. */
  public double precision() {
    return ratio((double) right, (double) predicted);
  }

  /** The share of the actual ones that were found, {@code right / actual}. */
  public double recall() {
    return ratio((double) right, (double) actual);
  }

  /** The harmonic mean of precision and recall, {@code 2·right / (predicted + actual)}. */
  public double f1() {
    return fBeta(1);
  }

  /**
   * The mean of precision and recall in which recall counts {@code β²} times as much, {@code (1 +
   * β²)·right / (predicted + β²·actual)}.
   */
  public double fBeta(double beta) {
    double b2 = beta * beta;
    return ratio((1 + b2) * right, predicted + b2 * actual);
  }

  /** Intersection over union, {@code right / (predicted + actual - right)}. */
  public double jaccard() {
    return ratio((double) right, (double) (predicted + actual - right));
  }

  /** The share of items on which prediction and truth differ. */
  double wrong() {
    return ((double) predicted + actual - 2 * right) / items;
  }

  /**
   * The correlation of prediction and truth, {@code (right·items - predicted·actual) / √(…)}, 0 if
   * one of them is constant.
   */
  double correlation() {
    double covariance = (double) right * items - (double) predicted * actual;
    return ratio(covariance, Math.sqrt(variance(predicted)) * Math.sqrt(variance(actual)));
  }

  private double variance(long ones) {
    return (double) ones * (items - ones);
  }

  /** Whether the class was there or was predicted. */
  boolean seen() {
    return predicted + actual > 0;
  }

  ClassCounts plus(ClassCounts o) {
    return new ClassCounts(
        right + o.right, predicted + o.predicted, actual + o.actual, items + o.items);
  }

  static double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
  }
}
