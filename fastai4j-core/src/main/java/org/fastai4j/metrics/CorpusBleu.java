package org.fastai4j.metrics;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * How much of the predicted sequences stands in the wanted ones, by runs of 1 to 4 words: {@code
 * penalty · (p₁·p₂·p₃·p₄)^¼}, {@code pₙ} the share of the runs of {@code n} that are there, the
 * penalty {@code exp(1 - wanted length / predicted length)} where the predicted are shorter.
 */
final class CorpusBleu extends ScopedMetric {
  private static final int LONGEST = 4;

  private final double[] right = new double[LONGEST];
  private final double[] all = new double[LONGEST];
  private double predicted;
  private double wanted;

  CorpusBleu() {
    super("corpus_bleu");
  }

  @Override
  public void reset() {
    Arrays.fill(right, 0);
    Arrays.fill(all, 0);
    predicted = 0;
    wanted = 0;
  }

  @Override
  void batch(Tensor preds, Tensor targets) {
    if (preds.dim() != 3 || targets.dim() != 2 || preds.size(0) != targets.size(0)) {
      throw new TensorException("they must be [n, length, words] and [n, length]");
    }
    List<Tensor> sequences = preds.argmax(-1).rows();
    List<Tensor> others = targets.rows();
    for (int i = 0; i < sequences.size(); i++) {
      add(sequences.get(i).toLongArray(), others.get(i).toLongArray());
    }
  }

  private void add(long[] pred, long[] target) {
    predicted += pred.length;
    wanted += target.length;
    double none = 1; // halved for each n of which no run is right
    for (int n = 1; n <= LONGEST; n++) {
      Map<List<Long>, Long> there = runs(target, n);
      double found =
          runs(pred, n).entrySet().stream()
              .mapToLong(e -> Math.min(e.getValue(), there.getOrDefault(e.getKey(), 0L)))
              .sum();
      none = found == 0 ? none / 2 : none;
      right[n - 1] += found == 0 ? none : found;
      all[n - 1] += Math.max(0, pred.length - n + 1);
    }
  }

  private static Map<List<Long>, Long> runs(long[] words, int n) {
    return IntStream.rangeClosed(0, words.length - n)
        .mapToObj(i -> Arrays.stream(words, i, i + n).boxed().toList())
        .collect(groupingBy(identity(), counting()));
  }

  @Override
  public double value() {
    double product = 1;
    for (int i = 0; i < LONGEST; i++) {
      product *= right[i] / all[i];
    }
    return Math.exp(Math.min(0, 1 - wanted / predicted)) * Math.pow(product, 1.0 / LONGEST);
  }
}
