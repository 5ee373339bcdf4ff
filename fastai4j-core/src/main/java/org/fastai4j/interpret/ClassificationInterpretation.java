package org.fastai4j.interpret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.fastai4j.learner.Predictions;
import org.fastai4j.metrics.ConfusionCounts;
import org.fastai4j.plot.ColorMap;
import org.fastai4j.plot.Figure;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * What a classifier gets wrong, all of it from one inference pass:
 *
 * <pre>{@code
 * var interp = ClassificationInterpretation.of(learn.getPreds(), List.of("cat", "dog"));
 * interp.plotConfusionMatrix().save(Path.of("confusion.png"));
 * System.out.print(interp.classificationReport());
 * }</pre>
 */
public final class ClassificationInterpretation {
  private final List<String> vocab;
  private final ConfusionCounts counts;
  private final long[] actual;
  private final long[] predicted;
  private final double[] losses;
  private final double[] probabilities;

  private ClassificationInterpretation(Predictions predictions, List<String> vocab) {
    this.vocab = vocab;
    Tensor decoded = predictions.decoded();
    Tensor targets = predictions.targets();
    counts = new ConfusionCounts(vocab.size());
    counts.add(decoded, targets);
    actual = targets.toLong().toLongArray();
    predicted = decoded.toLong().toLongArray();
    losses = predictions.losses().toDoubleArray();
    probabilities = predictions.preds().amax(1).toDoubleArray();
  }

  /**
   * Interprets predictions that come with targets.
   *
   * @param vocab the names of the classes, one for each output of the model
   * @throws TensorException if the outputs are not {@code [n, classes]}, there are more or fewer
   *     names than classes, or there are no items or no targets
   */
  public static ClassificationInterpretation of(Predictions predictions, List<String> vocab) {
    Tensor outputs = predictions.outputs();
    if (outputs.dim() != 2 || outputs.size(0) == 0) {
      throw new TensorException(
          "the model's outputs are %s; only [n, classes] of at least one item can be interpreted"
              .formatted(outputs.shape()));
    }
    if (outputs.size(1) != vocab.size()) {
      throw new TensorException(
          "a vocabulary of %d for a model with %d outputs; give a name for each"
              .formatted(vocab.size(), outputs.size(1)));
    }
    List<String> names = List.copyOf(vocab);
    return Scope.compute(() -> new ClassificationInterpretation(predictions, names));
  }

  /** How often each class was taken for each, {@code [actual][predicted]}, as a fresh array. */
  public long[][] confusionMatrix() {
    return counts.matrix();
  }

  /** {@link #mostConfused(int)} of all that were confused at least once. */
  public List<Confusion> mostConfused() {
    return mostConfused(1);
  }

  /**
   * The classes that were taken for others at least {@code min} times, the most frequent first;
   * equally frequent ones in the order of the matrix's rows.
   */
  public List<Confusion> mostConfused(int min) {
    List<Confusion> confused = new ArrayList<>();
    for (int row = 0; row < vocab.size(); row++) {
      for (int column = 0; column < vocab.size(); column++) {
        long count = counts.count(row, column);
        if (row != column && count >= min) {
          confused.add(new Confusion(vocab.get(row), vocab.get(column), count));
        }
      }
    }
    confused.sort(Comparator.comparingLong(Confusion::count).reversed());
    return List.copyOf(confused);
  }

  /**
   * The {@code k} items with the largest losses, or all if there are fewer, the largest first; NaN
   * counts as larger than any number.
   */
  public List<TopLoss> topLosses(int k) {
    return IntStream.range(0, losses.length)
        .mapToObj(this::item)
        .sorted(Comparator.comparingDouble(TopLoss::loss).reversed())
        .limit(k)
        .toList();
  }

  private TopLoss item(int i) {
    return new TopLoss(
        i, losses[i], vocab.get((int) actual[i]), vocab.get((int) predicted[i]), probabilities[i]);
  }

  /**
   * The confusion matrix as a picture: a row for each actual class, a column for each predicted.
   */
  public Figure plotConfusionMatrix() {
    double[][] cells =
        Arrays.stream(counts.matrix())
            .map(row -> Arrays.stream(row).asDoubleStream().toArray())
            .toArray(double[][]::new);
    Figure figure = Figure.subplots();
    figure
        .axes()
        .heatMap(cells, vocab, vocab, ColorMap.BLUES)
        .title("Confusion matrix")
        .xlabel("Predicted")
        .ylabel("Actual");
    return figure;
  }

  /**
   * Precision, recall, F1 and support of each class, then accuracy and the averages, as text in
   * scikit-learn's layout.
   */
  public String classificationReport() {
    return new ClassificationReport(counts, vocab).text();
  }
}
