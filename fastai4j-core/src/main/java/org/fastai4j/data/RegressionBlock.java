package org.fastai4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.fastai4j.nn.Loss;
import org.fastai4j.nn.MSELoss;
import org.fastai4j.tensor.Tensor;

/**
 * Numbers to predict: for labels that are numbers, targets float32 {@code [n]}; for lists of k of
 * them {@code [n, k]}. fastai's {@code RegressionBlock}.
 */
public final class RegressionBlock implements TargetBlock<Object> {
  /** How many numbers there are is seen in the training data. */
  public RegressionBlock() {}

  @Override
  public Targets<Object> setup(List<?> training) {
    if (training.isEmpty()) {
      throw new DataException("there are no items to train on");
    }
    Object first = training.get(0);
    return new Numbers(numbers(first).length, first instanceof List);
  }

  private static double[] numbers(Object label) {
    double[] numbers =
        label instanceof List<?> list
            ? list.stream().mapToDouble(RegressionBlock::number).toArray()
            : new double[] {number(label)};
    if (numbers.length == 0 || !DoubleStream.of(numbers).allMatch(Double::isFinite)) {
      throw new DataException("the label '" + label + "' is no number that can be learned");
    }
    return numbers;
  }

  private static double number(Object label) {
    if (label instanceof Number n) {
      return n.doubleValue();
    }
    try {
      return Double.parseDouble(label.toString());
    } catch (NumberFormatException e) {
      throw new DataException(
          "the label '%s' (%s) is no number; a CategoryBlock takes names"
              .formatted(label, label.getClass().getSimpleName()),
          e);
    }
  }

  private record Numbers(int c, boolean list) implements Targets<Object> {
    @Override
    public List<String> vocab() {
      return List.of();
    }

    @Override
    public Tensor encode(List<?> labels) {
      List<Double> all = new ArrayList<>();
      for (Object label : labels) {
        double[] numbers = numbers(label);
        if (numbers.length != c) {
          throw new DataException(
              "the label %s has %d numbers where the first has %d"
                  .formatted(label, numbers.length, c));
        }
        DoubleStream.of(numbers).forEach(all::add);
      }
      Tensor flat = Tensor.of(all);
      return list ? flat.view(-1, c) : flat;
    }

    @Override
    public String decode(Tensor target) {
      return DoubleStream.of(target.toDoubleArray())
          .mapToObj(v -> String.format(Locale.ROOT, "%.4g", v))
          .collect(Collectors.joining(", "));
    }

    @Override
    public Loss loss() {
      return new MSELoss();
    }
  }
}
