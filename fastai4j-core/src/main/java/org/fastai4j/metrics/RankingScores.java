package org.fastai4j.metrics;

import java.util.Arrays;

/**
 * What can be said of scores that should be higher for positive items than for others, whatever the
 * threshold: the ROC curve, the area under it, and the average precision.
 *
 * <p>Equal scores pass the threshold together, as in scikit-learn; so a tie between a positive and
 * a negative item counts one half in the area.
 */
public final class RankingScores {
  private final double[] thresholds;
  private final double[] tps;
  private final double[] fps;

  private RankingScores(double[] thresholds, double[] tps, double[] fps) {
    this.thresholds = thresholds;
    this.tps = tps;
    this.fps = fps;
  }

  /**
   * The scores of items.
   *
   * @param scores one for each item, in any order
   * @param positive which of the items are positive, as many
   */
  public static RankingScores of(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          scores.length + " scores for " + positive.length + " items; give one for each");
    }
    Ranks ranks = new Ranks(scores);
    int groups = ranks.groups();
    double[] thresholds = new double[groups + 1];
    thresholds[0] = Double.POSITIVE_INFINITY;
    double[] tps = new double[groups + 1];
    double[] fps = new double[groups + 1];
    for (int i = 0; i < scores.length; i++) {
      (positive[i] ? tps : fps)[groups - ranks.group(scores[i])]++;
    }
    for (int i = 1; i <= groups; i++) {
      thresholds[i] = ranks.number(groups - i);
      tps[i] += tps[i - 1];
      fps[i] += fps[i - 1];
    }
    return new RankingScores(thresholds, tps, fps);
  }

  /** The score from which on an item counts as positive at each point: infinity, then downwards. */
  public double[] thresholds() {
    return thresholds.clone();
  }

  /** The share of the negative items at or above each threshold, from 0 to 1; NaN without any. */
  public double[] fpr() {
    return shares(fps);
  }

  /** The share of the positive items at or above each threshold, from 0 to 1; NaN without any. */
  public double[] tpr() {
    return shares(tps);
  }

  private static double[] shares(double[] counts) {
    return Arrays.stream(counts).map(n -> n / counts[counts.length - 1]).toArray();
  }

  double positives() {
    return tps[tps.length - 1];
  }

  private boolean hasNan() {
    return thresholds.length > 1 && Double.isNaN(thresholds[1]); // NaN sorts as the largest
  }

  /**
   * The area under the ROC curve: the chance that a positive item has a higher score than a
   * negative one, {@code Σ (fprᵢ - fprᵢ₋₁)·(tprᵢ + tprᵢ₋₁)/2}. NaN if all items are positive or
   * none is, where scikit-learn before 1.6 raises an error.
   */
  public double rocAuc() {
    double area = 0;
    for (int i = 1; i < tps.length; i++) {
      area += (fps[i] - fps[i - 1]) * (tps[i] + tps[i - 1]) / 2;
    }
    return hasNan() ? Double.NaN : area / (positives() * fps[fps.length - 1]);
  }

  /**
   * The mean of the precision at each threshold, weighted by how much recall it adds, {@code Σ
   * (recallᵢ - recallᵢ₋₁)·precisionᵢ}. 0 if no item is positive.
   */
  public double averagePrecision() {
    double sum = 0;
    for (int i = 1; i < tps.length; i++) {
      sum += (tps[i] - tps[i - 1]) * tps[i] / (tps[i] + fps[i]);
    }
    return hasNan() ? Double.NaN : ClassCounts.ratio(sum, positives());
  }
}
