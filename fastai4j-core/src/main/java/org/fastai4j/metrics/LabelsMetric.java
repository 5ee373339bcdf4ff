package org.fastai4j.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.fastai4j.tensor.Tensor;

/**
 * A score of items with several labels, each there or not: {@code preds [n, labels]} are there from
 * a threshold on, {@code targets [n, labels]} where they are not 0. Counts are kept for each label.
 */
final class LabelsMetric extends ScopedMetric {
  private final double thresh;
  private final boolean sigmoid;
  private final Average average;
  private final ToDoubleFunction<ClassCounts> score;
  private List<ClassCounts> labels = List.of();
  private double itemScores;

  LabelsMetric(
      String name,
      double thresh,
      boolean sigmoid,
      Average average,
      ToDoubleFunction<ClassCounts> score) {
    super(name);
    this.thresh = thresh;
    this.sigmoid = sigmoid;
    this.average = average.forLabels();
    this.score = score;
  }

  @Override
  public void reset() {
    labels = List.of();
    itemScores = 0;
  }

  @Override
  void batch(Tensor preds, Tensor targets) {
    Inputs.checkLabels(preds, targets);
    Tensor predicted = (sigmoid ? preds.sigmoid() : preds).ge(thresh);
    Tensor actual = targets.ne(0);
    if (average.isSamples()) {
      itemScores += counts(predicted, actual, 1).stream().mapToDouble(score).sum();
    }
    labels = sum(labels, counts(predicted, actual, 0));
  }

  /** The counts over axis {@code dim}: 0 for each label, 1 for each item. */
  private static List<ClassCounts> counts(Tensor predicted, Tensor actual, int dim) {
    Tensor right = predicted.logicalAnd(actual);
    long[] n = Tensor.stack(List.of(right, predicted, actual)).sum(dim + 1).toLongArray();
    int size = n.length / 3;
    List<ClassCounts> out = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      out.add(new ClassCounts(n[i], n[size + i], n[2 * size + i], actual.size(dim)));
    }
    return out;
  }

  private static List<ClassCounts> sum(List<ClassCounts> before, List<ClassCounts> now) {
    if (before.isEmpty()) {
      return now;
    }
    Inputs.checkUnchanged(before.size(), now.size());
    List<ClassCounts> out = new ArrayList<>(now.size());
    for (int i = 0; i < now.size(); i++) {
      out.add(before.get(i).plus(now.get(i)));
    }
    return out;
  }

  @Override
  public double value() {
    if (labels.isEmpty() || labels.get(0).items() == 0) {
      return Double.NaN;
    }
    return average.isSamples() ? itemScores / labels.get(0).items() : average.of(labels, score);
  }
}
