package org.fastai4j.metrics;

import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/** A score of the order of all predictions, which are kept as numbers until the next reset. */
final class RankingMetric extends ScopedMetric {
  private final boolean labels;
  private final UnaryOperator<Tensor> activation;
  private final ToDoubleFunction<RankingTable> score;
  private RankingTable table = new RankingTable(0, false);

  private RankingMetric(
      String name,
      boolean labels,
      UnaryOperator<Tensor> activation,
      ToDoubleFunction<RankingTable> score) {
    super(name);
    this.labels = labels;
    this.activation = activation;
    this.score = score;
  }

  /** A score of the softmax of {@code preds [n, c]}, with a class {@code [n]} for each item. */
  static RankingMetric ofClasses(String name, ToDoubleFunction<RankingTable> score) {
    return new RankingMetric(name, false, preds -> preds.softmax(-1), score);
  }

  /** A score of the softmax of class 1 of {@code preds [n, 2]}. */
  static RankingMetric ofTwo(String name, ToDoubleFunction<RankingScores> score) {
    return new RankingMetric(
        name,
        false,
        preds -> {
          Inputs.checkTwo(preds.size(-1));
          return preds.softmax(-1);
        },
        table -> score.applyAsDouble(table.column(1)));
  }

  /** A score of {@code preds [n, labels]}, or their sigmoid, with targets of that shape. */
  static RankingMetric ofLabels(
      String name, boolean sigmoid, ToDoubleFunction<RankingTable> score) {
    return new RankingMetric(name, true, preds -> sigmoid ? preds.sigmoid() : preds, score);
  }

  @Override
  public void reset() {
    table = new RankingTable(0, labels);
  }

  @Override
  void batch(Tensor preds, Tensor targets) {
    check(preds, targets);
    int columns = (int) preds.size(1);
    RankingTable all = table.isEmpty() ? new RankingTable(columns, labels) : table;
    Inputs.checkUnchanged(all.columns(), columns);
    all.add(activation.apply(preds).toDoubleArray(), targets.toDoubleArray());
    table = all;
  }

  private void check(Tensor preds, Tensor targets) {
    if (labels) {
      Inputs.checkLabels(preds, targets);
    } else if (preds.dim() != 2 || preds.size(0) != targets.numel()) {
      throw new TensorException("they must be [n, classes] and [n], a class for each item");
    }
  }

  @Override
  public double value() {
    return table.isEmpty() ? Double.NaN : score.applyAsDouble(table);
  }
}
