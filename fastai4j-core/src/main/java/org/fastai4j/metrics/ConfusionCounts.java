package org.fastai4j.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * The confusion matrix: how often each class was taken for each; rows are actual classes, columns
 * predicted ones. It is {@code c²} numbers, however many items are counted.
 */
public final class ConfusionCounts {
  private final int classes;
  private final long[] counts;
  private long items;

  /** A matrix of {@code classes} classes, with nothing counted. */
  public ConfusionCounts(int classes) {
    this.classes = classes;
    counts = new long[Math.multiplyExact(classes, classes)];
  }

  /**
   * Counts items.
   *
   * @param predicted class numbers, such as {@code preds.argmax(-1)}, of any shape
   * @param actual class numbers, as many
   * @throws TensorException if there are more of one than of the other, or one is no class
   */
  public void add(Tensor predicted, Tensor actual) {
    Inputs.checkSameSize(predicted, actual);
    if (actual.numel() == 0) {
      return;
    }
    long[] batch = Scope.compute(() -> tally(predicted.flatten(), actual.flatten()));
    for (int i = 0; i < counts.length; i++) {
      counts[i] += batch[i];
    }
    items += actual.numel();
  }

  private long[] tally(Tensor predicted, Tensor actual) {
    Tensor numbers = Tensor.stack(List.of(actual.toLong(), predicted.toLong()));
    Tensor strange = numbers.lt(0).logicalOr(numbers.ge(classes));
    if (strange.any().item() != 0) {
      throw new TensorException(
          "class %d is not among the predictions' %d; the model needs an output for each class"
              .formatted(numbers.maskedSelect(strange).toLongArray()[0], classes));
    }
    Tensor cells = numbers.select(0, 0).mul(classes).add(numbers.select(0, 1));
    return cells.bincount(counts.length).toLongArray();
  }

  /** How many classes there are. */
  public int classes() {
    return classes;
  }

  /** How many items were counted. */
  public long items() {
    return items;
  }

  /** How often class {@code actual} was taken for {@code predicted}. */
  public long count(int actual, int predicted) {
    return counts[actual * classes + predicted];
  }

  /** The counts of class {@code c} against all others. */
  public ClassCounts of(int c) {
    long predicted = 0;
    long actual = 0;
    for (int other = 0; other < classes; other++) {
      predicted += count(other, c);
      actual += count(c, other);
    }
    return new ClassCounts(count(c, c), predicted, actual, items);
  }

  /** The counts of every class. */
  public List<ClassCounts> perClass() {
    return IntStream.range(0, classes).mapToObj(this::of).toList();
  }

  /** The counts {@code [actual][predicted]}, as a fresh array. */
  public long[][] matrix() {
    return IntStream.range(0, classes)
        .mapToObj(row -> Arrays.copyOfRange(counts, row * classes, (row + 1) * classes))
        .toArray(long[][]::new);
  }

  /** The counts as shares of their row, {@code [actual][predicted]}; NaN for a class not there. */
  public double[][] normalized() {
    return Arrays.stream(matrix()).map(ConfusionCounts::shares).toArray(double[][]::new);
  }

  private static double[] shares(long[] row) {
    double all = Arrays.stream(row).sum();
    return Arrays.stream(row).mapToDouble(n -> n / all).toArray();
  }
}
