package org.fastai4j.optim;

import java.util.Arrays;

/**
 * A learning rate for each parameter group; what fastai writes as a number, a slice or a list.
 *
 * <p>{@code slice(1e-4, 1e-2)} for three groups is 1e-4, 1e-3, 1e-2; {@code slice(1e-2)} is 1e-3,
 * 1e-3, 1e-2.
 */
@FunctionalInterface
public interface LearningRate {
  /** The rates of {@code k} groups, the first of the model first. */
  double[] forGroups(int k);

  /** The same for all groups. */
  static LearningRate of(double lr) {
    return k -> {
      double[] out = new double[k];
      Arrays.fill(out, lr);
      return out;
    };
  }

  /** {@code end} for the last group, a tenth of it for all others. */
  static LearningRate slice(double end) {
    return k -> {
      double[] out = new double[k];
      Arrays.fill(out, end / 10);
      out[k - 1] = end;
      return out;
    };
  }

  /**
   * From {@code start} to {@code end}, each the same multiple of the one before; one: {@code end}.
   */
  static LearningRate slice(double start, double end) {
    return k -> {
      double[] out = new double[k];
      for (int i = 0; i < k - 1; i++) {
        out[i] = start * Math.pow(end / start, (double) i / (k - 1));
      }
      out[k - 1] = end;
      return out;
    };
  }

  /** These rates; for another number of groups an {@link IllegalArgumentException}. */
  static LearningRate each(double... lrs) {
    double[] copy = lrs.clone();
    return k -> {
      if (copy.length != k) {
        throw new IllegalArgumentException(
            copy.length
                + " learning rates for "
                + k
                + " parameter groups; use as many, or a slice");
      }
      return copy.clone();
    };
  }
}
