package org.fastai4j.metrics;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Scores of a whole confusion matrix, as scikit-learn computes them. */
final class ClassificationScores {
  private ClassificationScores() {}

  /** The average over the classes that occur or are predicted. */
  static ToDoubleFunction<ConfusionCounts> averaged(
      Average average, ToDoubleFunction<ClassCounts> score) {
    average.forClasses();
    return counts -> average.of(average.isBinary() ? counts.perClass() : seen(counts), score);
  }

  private static List<ClassCounts> seen(ConfusionCounts counts) {
    return counts.perClass().stream().filter(ClassCounts::seen).toList();
  }

  /** {@code Σ right / items}. */
  static double accuracy(ConfusionCounts counts) {
    return (double) right(counts) / counts.items();
  }

  private static long right(ConfusionCounts counts) {
    return counts.perClass().stream().mapToLong(ClassCounts::right).sum();
  }

  /** The mean of the recall of the classes that occur. */
  static double balancedAccuracy(ConfusionCounts counts) {
    return counts.perClass().stream()
        .filter(c -> c.actual() > 0)
        .mapToDouble(ClassCounts::recall)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * The correlation of prediction and truth, {@code (n·Σr - Σp·a) / √((n² - Σp²)(n² - Σa²))} with
   * {@code r} right, {@code p} predicted and {@code a} actual items of a class; 0 if prediction or
   * truth is a single class. Gorodkin, 2004.
   */
  static double matthews(ConfusionCounts counts) {
    double n = counts.items();
    double covariance = n * right(counts);
    double predicted = n * n;
    double actual = n * n;
    for (ClassCounts c : counts.perClass()) {
      covariance -= (double) c.predicted() * c.actual();
      predicted -= (double) c.predicted() * c.predicted();
      actual -= (double) c.actual() * c.actual();
    }
    return ClassCounts.ratio(covariance, Math.sqrt(predicted) * Math.sqrt(actual));
  }

  /**
   * Agreement beyond chance, {@code 1 - Σ w·observed / Σ w·expected}, with {@code expected = actual
   * · predicted / n}. {@code weight} is that of two classes, by their places among those that occur
   * or are predicted. NaN if there is one such class. Cohen, 1960.
   */
  static double kappa(ConfusionCounts counts, DoubleBinaryOperator weight) {
    List<ClassCounts> classes = counts.perClass();
    int[] seen = IntStream.range(0, classes.size()).filter(c -> classes.get(c).seen()).toArray();
    double observed = 0;
    double expected = 0;
    for (int row = 0; row < seen.length; row++) {
      double actual = classes.get(seen[row]).actual();
      for (int column = 0; column < seen.length; column++) {
        double w = weight.applyAsDouble(row, column);
        observed += w * counts.count(seen[row], seen[column]);
        expected += w * actual * classes.get(seen[column]).predicted() / counts.items();
      }
    }
    return 1 - observed / expected;
  }

  /** What a disagreement weighs: scikit-learn's {@code weights}. */
  static DoubleBinaryOperator kappaWeight(String weights) {
    return switch (weights) {
      case "linear" -> (row, column) -> Math.abs(row - column);
      case "quadratic" -> (row, column) -> (row - column) * (row - column);
      default ->
          throw new IllegalArgumentException(
              "cohenKappa: weights '" + weights + "'; use linear or quadratic, or none");
    };
  }
}
