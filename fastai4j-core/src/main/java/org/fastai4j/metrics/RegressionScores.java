package org.fastai4j.metrics;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Sums over pairs of a prediction and a target, from which scores of a regression follow. */
final class RegressionScores {
  private long n;
  private double squares;
  private double relativeSquares;
  private final Moments preds = new Moments();
  private final Moments targets = new Moments();
  private final Moments errors = new Moments();
  private double comoment;

  void add(double pred, double target) {
    n++;
    double error = target - pred;
    squares += error * error;
    double relative = 1 - Math.exp(pred - target);
    relativeSquares += relative * relative;
    double before = pred - preds.mean;
    preds.add(pred);
    targets.add(target);
    errors.add(error);
    comoment += before * (target - targets.mean);
  }

  long n() {
    return n;
  }

  /** {@code √(Σ (target - pred)² / n)}. */
  double rmse() {
    return Math.sqrt(squares / n);
  }

  /** {@code √(Σ ((e^target - e^pred) / e^target)² / n)}. */
  double expRmspe() {
    return Math.sqrt(relativeSquares / n);
  }

  /** {@code 1 - Σ (target - pred)² / Σ (target - mean)²}; NaN for fewer than two pairs. */
  double r2() {
    return n < 2 ? Double.NaN : explained(squares, targets.squares);
  }

  /** {@code 1 - Var(target - pred) / Var(target)}. */
  double explainedVariance() {
    return explained(errors.squares, targets.squares);
  }

  /** For constant targets 1 if all are met, else 0, as in scikit-learn. */
  private static double explained(double unexplained, double all) {
    if (all == 0) {
      return unexplained == 0 ? 1 : unexplained > 0 ? 0 : Double.NaN;
    }
    return 1 - unexplained / all;
  }

  /** {@code Cov(pred, target) / √(Var(pred)·Var(target))}; NaN if one is constant. */
  double pearson() {
    double r = comoment / Math.sqrt(preds.squares) / Math.sqrt(targets.squares);
    return Math.max(-1, Math.min(1, r));
  }

  static double pearson(double[] preds, double[] targets) {
    RegressionScores scores = new RegressionScores();
    for (int i = 0; i < preds.length; i++) {
      scores.add(preds[i], targets[i]);
    }
    return scores.pearson();
  }

  /** Pearson's of the places in order; equal numbers share the mean of theirs. NaN with a NaN. */
  static double spearman(double[] preds, double[] targets) {
    if (DoubleStream.concat(Arrays.stream(preds), Arrays.stream(targets)).anyMatch(Double::isNaN)) {
      return Double.NaN;
    }
    return pearson(Ranks.of(preds), Ranks.of(targets));
  }

  /** Mean and sum of squared deviations from it, kept up to date; Welford, 1962. */
  private static final class Moments {
    private long n;
    private double mean;
    private double squares;

    void add(double x) {
      n++;
      double before = x - mean;
      mean += before / n;
      squares += before * (x - mean);
    }
  }
}
