package org.fastai4j.metrics;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * How the scores of several classes become one number; scikit-learn's {@code average}.
 *
 * <p>Where each item has one class, a class that neither occurs nor is predicted does not count.
 */
public final class Average {
  private enum Kind {
    BINARY,
    MACRO,
    MICRO,
    WEIGHTED,
    SAMPLES
  }

  /** The score of class 1 of two. */
  public static final Average BINARY = new Average(Kind.BINARY, 1);

  /** The mean of the classes' scores, each counting alike. */
  public static final Average MACRO = new Average(Kind.MACRO, 1);

  /** The score of the classes' counts added up, each decision counting alike. */
  public static final Average MICRO = new Average(Kind.MICRO, 1);

  /** The mean of the classes' scores, each counting by the items it has. */
  public static final Average WEIGHTED = new Average(Kind.WEIGHTED, 1);

  /** The mean of the items' scores; for items with several labels. */
  public static final Average SAMPLES = new Average(Kind.SAMPLES, 1);

  private final Kind kind;
  private final int positive;

  private Average(Kind kind, int positive) {
    this.kind = kind;
    this.positive = positive;
  }

  /** The score of one class of two, 0 or 1; scikit-learn's {@code pos_label}. */
  public static Average binary(int positive) {
    if (positive != 0 && positive != 1) {
      throw new IllegalArgumentException("binary: of two classes none is " + positive);
    }
    return new Average(Kind.BINARY, positive);
  }

  boolean isBinary() {
    return kind == Kind.BINARY;
  }

  boolean isMicro() {
    return kind == Kind.MICRO;
  }

  boolean isSamples() {
    return kind == Kind.SAMPLES;
  }

  /** This one, if it is not binary. */
  Average forLabels() {
    if (isBinary()) {
      throw new IllegalArgumentException(
          "average binary is for the predicted one of two classes; use Average.MACRO, MICRO or"
              + " WEIGHTED");
    }
    return this;
  }

  /** This one, if each item has one class; there is nothing to average over an item then. */
  Average forClasses() {
    if (isSamples()) {
      throw new IllegalArgumentException(
          "average samples is for items with several labels; for classes use Average.BINARY, MACRO,"
              + " MICRO or WEIGHTED");
    }
    return this;
  }

  /** The average of a score over classes. */
  double of(List<ClassCounts> classes, ToDoubleFunction<ClassCounts> score) {
    return switch (kind) {
      case BINARY -> score.applyAsDouble(classes.get(positive));
      case MICRO -> score.applyAsDouble(classes.stream().reduce(ClassCounts::plus).orElseThrow());
      case MACRO, WEIGHTED, SAMPLES ->
          mean(
              classes.stream().mapToDouble(score).toArray(),
              classes.stream().mapToDouble(ClassCounts::actual).toArray());
    };
  }

  /** The mean of values, for {@link #WEIGHTED} by the weights: 0 if those are all 0. */
  double mean(double[] values, double[] weights) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < values.length; i++) {
      double weight = kind == Kind.WEIGHTED ? weights[i] : 1;
      sum += values[i] * weight;
      all += weight;
    }
    return ClassCounts.ratio(sum, all);
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
