package org.fastai4j.interpret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Predictions;
import org.fastai4j.metrics.ClassCounts;
import org.fastai4j.metrics.ConfusionCounts;
import org.fastai4j.plot.ColorMap;
import org.fastai4j.plot.Figure;
import org.fastai4j.plot.ImageGrid;
import org.fastai4j.plot.Pixels;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * What a classifier gets wrong, all of it from one inference pass:
 *
 * <pre>{@code
 * var interp = ClassificationInterpretation.fromLearner(learn);
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
    Tensor decoded = predictions.decoded().flatten();
    Tensor targets = predictions.targets();
    counts = new ConfusionCounts(vocab.size());
    counts.add(decoded, targets);
    actual = targets.toLong().toLongArray();
    predicted = decoded.toLong().toLongArray();
    losses = predictions.losses().toDoubleArray();
    Tensor preds = predictions.preds();
    Tensor likeliest = preds.size(1) == 1 ? preds.maximum(preds.rsub(1)).flatten() : preds.amax(1);
    probabilities = likeliest.toDoubleArray();
  }

  /** Interprets what a learner makes of its validation set; fastai's {@code from_learner}. */
  public static ClassificationInterpretation fromLearner(Learner learn) {
    return of(learn.getPreds(), learn.dls().vocab());
  }

  /**
   * Interprets predictions that come with targets.
   *
   * @param vocab the names of the classes, one for each output of the model; two for a single
   *     output, which is the second class's
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
    boolean single = outputs.size(1) == 1 && vocab.size() == 2;
    if (outputs.size(1) != vocab.size() && !single) {
      throw new TensorException(
          "a vocabulary of %d for a model with %d outputs; give a name for each"
              .formatted(vocab.size(), outputs.size(1)));
    }
    List<String> names = List.copyOf(vocab);
    return Scope.compute(() -> new ClassificationInterpretation(predictions, names));
  }

  /** The share of items that were taken for what they are, 0..1. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < vocab.size(); c++) {
      right += counts.count(c, c);
    }
    return (double) right / losses.length;
  }

  /** The mean of the items' losses. */
  public double loss() {
    return Arrays.stream(losses).average().orElse(Double.NaN);
  }

  /** Precision, recall, F1 and support of each class, in the order of the vocabulary. */
  public List<ClassCounts> perClass() {
    return counts.perClass();
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

  /**
   * The pictures of the {@code k} items with the largest losses, each under its title "predicted /
   * actual / loss / probability", in a grid that is about as high as wide.
   *
   * @param picture the picture of the item at an index
   */
  public Figure plotTopLosses(int k, IntFunction<Pixels> picture) {
    List<TopLoss> top = topLosses(k);
    int rows = (int) Math.max(1, Math.sqrt(top.size()));
    return ImageGrid.showImages(
            top.stream().map(loss -> picture.apply(loss.index())).toList(),
            rows,
            (top.size() + rows - 1) / rows,
            top.stream().map(TopLoss::title).toList())
        .suptitle("Prediction/Actual/Loss/Probability");
  }

  private TopLoss item(int i) {
    return new TopLoss(
        i, losses[i], vocab.get((int) actual[i]), vocab.get((int) predicted[i]), probabilities[i]);
  }

  /**
   * The confusion matrix as a picture: a row for each actual class, a column for each predicted.
   */
  public Figure plotConfusionMatrix() {
    return plot("Confusion matrix", row -> Arrays.stream(row).asDoubleStream().toArray());
  }

  /** As {@link #plotConfusionMatrix()}, with shares of each row; fastai's {@code normalize}. */
  public Figure plotNormalizedConfusionMatrix() {
    return plot(
        "Confusion matrix, as shares of each row",
        row -> {
          double all = Math.max(1, Arrays.stream(row).sum());
          return Arrays.stream(row).mapToDouble(count -> count / all).toArray();
        });
  }

  private Figure plot(String title, Function<long[], double[]> cellsOfRow) {
    double[][] cells = Arrays.stream(counts.matrix()).map(cellsOfRow).toArray(double[][]::new);
    double inches = Math.max(4.8, Math.min(12, 0.35 * vocab.size()));
    Figure figure = Figure.subplots(1, 1, inches + 1.6, inches);
    figure
        .axes()
        .heatMap(cells, vocab, vocab, ColorMap.BLUES)
        .title(title)
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
