package org.fastai4j.optim;

import java.util.Arrays;

/**
 * Rules that pick a learning rate from the losses of a range test; fastai's {@code suggest_funcs}.
 *
 * <p>Each takes the rates tried, in rising order, and the smoothed losses at them: the {@link
 * #usable} ones.
 */
public enum LRSuggestion {
  /**
   * Half way down the longest falling run, fastai's default. With {@code L} the length of the
   * longest strictly falling subsequence of losses and {@code e} where it ends: number {@code e - L
   * + ⌊L/3⌋ + ⌊L/6⌋}, or the first if that is below 0. Takes {@code n log n} steps.
   */
  VALLEY {
    @Override
    int index(double[] lrs, double[] losses) {
      // -tails[l] is the largest loss that a falling subsequence of l + 1 losses can end with.
      double[] tails = new double[losses.length];
      int longest = 0;
      int end = 0;
      for (int i = 0; i < losses.length; i++) {
        int at = Arrays.binarySearch(tails, 0, longest, -losses[i]);
        int length = at < 0 ? -at - 1 : at;
        tails[length] = -losses[i];
        if (length == longest) {
          longest++;
          end = i;
        }
      }
      return Math.max(0, end - longest + longest / 3 + longest / 6);
    }
  },

  /** Where the loss falls most steeply over the logarithm of the rate. */
  STEEP {
    @Override
    int index(double[] lrs, double[] losses) {
      int best = 0;
      double steepest = Double.POSITIVE_INFINITY;
      for (int i = 0; i + 1 < losses.length; i++) {
        double slope = (losses[i + 1] - losses[i]) / (Math.log(lrs[i + 1]) - Math.log(lrs[i]));
        if (slope < steepest) {
          steepest = slope;
          best = i;
        }
      }
      return best;
    }
  },

  /** A tenth of the rate with the lowest loss; the point is that of the lowest loss itself. */
  MINIMUM {
    @Override
    int index(double[] lrs, double[] losses) {
      int best = 0;
      for (int i = 1; i < losses.length; i++) {
        if (losses[i] < losses[best]) {
          best = i;
        }
      }
      return best;
    }

    @Override
    double chosen(double lr) {
      return lr / 10;
    }
  },

  /**
   * Slides an interval of 15 rates from the right to the left until the slopes of the loss at its
   * ends differ by no more than 0.005, and takes its left end. Needs 16 losses.
   */
  SLIDE {
    @Override
    int index(double[] lrs, double[] losses) {
      int n = losses.length;
      if (n < WIDTH + 1) {
        throw new IllegalArgumentException(
            "SLIDE: " + n + " losses; use 16 or more: try more rates, or another suggestion");
      }
      int right = n - 1;
      int left = right - WIDTH;
      int best = left;
      while (left >= 0 && Math.abs(slope(losses, right) - slope(losses, left)) > 0.005) {
        best = left;
        left--;
        right--;
      }
      return best;
    }
  };

  private static final int WIDTH = 15;

  /**
   * What a rule picks.
   *
   * @param lr the learning rate to use
   * @param pointLr the rate tried that it was picked by, to be marked in a plot
   * @param pointLoss the loss there
   */
  public record Pick(double lr, double pointLr, double pointLoss) {}

  /** The rule's name as fastai has it, such as {@code valley}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * What the rule picks.
   *
   * @throws IllegalArgumentException if there are too few losses for it, or not as many as rates
   */
  public Pick suggest(double[] lrs, double[] losses) {
    if (lrs.length != losses.length || lrs.length < 2) {
      throw new IllegalArgumentException(
          this
              + ": "
              + lrs.length
              + " rates and "
              + losses.length
              + " losses; use as many, from 2");
    }
    int i = index(lrs, losses);
    return new Pick(chosen(lrs[i]), lrs[i], losses[i]);
  }

  /**
   * The losses that rules are to judge by, of a range test that was to try {@code tries} rates:
   * without its first tenth and its last five, up to the first that is NaN. fastai's cut; the rates
   * are {@code lrs[tries / 10 ...]}, as many.
   */
  public static double[] usable(double[] losses, int tries) {
    int from = Math.min(tries / 10, losses.length);
    int to = Math.max(from, losses.length - 5);
    for (int i = from; i < to; i++) {
      if (Double.isNaN(losses[i])) {
        to = i;
      }
    }
    return Arrays.copyOfRange(losses, from, to);
  }

  abstract int index(double[] lrs, double[] losses);

  double chosen(double lr) {
    return lr;
  }

  // As numpy's gradient: half the difference of the neighbors, at the ends the one to the neighbor.
  private static double slope(double[] y, int i) {
    int a = Math.max(0, i - 1);
    int b = Math.min(y.length - 1, i + 1);
    return (y[b] - y[a]) / (b - a);
  }
}
