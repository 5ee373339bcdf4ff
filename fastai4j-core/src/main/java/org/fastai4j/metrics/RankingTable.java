package org.fastai4j.metrics;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.fastai4j.tensor.TensorException;

/** A score for each item (row) and class or label (column), and which of them are positive. */
final class RankingTable {
  private final int columns;
  private final boolean labels;
  private final Doubles scores = new Doubles();
  private final Doubles targets = new Doubles();

  /** A table whose targets are one for each cell, 0 or not, or else the class of each row. */
  RankingTable(int columns, boolean labels) {
    this.columns = columns;
    this.labels = labels;
  }

  void add(double[] newScores, double[] newTargets) {
    for (double target : newTargets) {
      if (!labels && (target < 0 || target >= columns)) {
        throw new TensorException(
            "class %.0f is not among the predictions' %d".formatted(target, columns));
      }
    }
    scores.addAll(newScores);
    targets.addAll(newTargets);
  }

  int columns() {
    return columns;
  }

  boolean isEmpty() {
    return scores.size() == 0;
  }

  private int rows() {
    return scores.size() / columns;
  }

  private boolean positive(int row, int column) {
    return labels ? targets.at(row * columns + column) != 0 : targets.at(row) == column;
  }

  /** The scores of one column. */
  RankingScores column(int column) {
    return cells(IntStream.range(0, rows()).map(row -> row * columns + column));
  }

  private RankingScores row(int row) {
    return cells(IntStream.range(row * columns, (row + 1) * columns));
  }

  private RankingScores cells(IntStream which) {
    int[] cells = which.toArray();
    double[] chosen = new double[cells.length];
    boolean[] positive = new boolean[cells.length];
    for (int i = 0; i < cells.length; i++) {
      chosen[i] = scores.at(cells[i]);
      positive[i] = positive(cells[i] / columns, cells[i] % columns);
    }
    return RankingScores.of(chosen, positive);
  }

  /** The average of a score over columns; over rows for samples; micro takes all cells as one. */
  double average(Average average, ToDoubleFunction<RankingScores> score) {
    if (average.isMicro()) {
      return score.applyAsDouble(cells(IntStream.range(0, scores.size())));
    }
    List<RankingScores> parts =
        average.isSamples()
            ? IntStream.range(0, rows()).mapToObj(this::row).toList()
            : IntStream.range(0, columns).mapToObj(this::column).toList();
    return average.mean(
        parts.stream().mapToDouble(score).toArray(),
        parts.stream().mapToDouble(RankingScores::positives).toArray());
  }

  /**
   * The mean area over ordered pairs of classes, each computed among the items of the two. Hand and
   * Till, 2001.
   */
  double rocAucOneAgainstOne() {
    return IntStream.range(0, columns)
        .boxed()
        .flatMap(a -> IntStream.range(0, columns).filter(b -> b != a).mapToObj(b -> pair(a, b)))
        .mapToDouble(RankingScores::rocAuc)
        .average()
        .orElse(Double.NaN);
  }

  private RankingScores pair(int a, int b) {
    return cells(
        IntStream.range(0, rows())
            .filter(row -> positive(row, a) || positive(row, b))
            .map(row -> row * columns + a));
  }
}
