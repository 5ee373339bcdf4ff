package org.fastai4j.data;

import java.util.List;
import org.fastai4j.nn.Loss;
import org.fastai4j.tensor.Tensor;

/**
 * How labels become targets and back, once those to train on are known.
 *
 * @param <Y> a label
 */
public interface Targets<Y> {
  /** The names of the classes in the order of their numbers; none for numbers. */
  List<String> vocab();

  /** The number of classes, or of numbers to predict. */
  default int c() {
    return vocab().size();
  }

  /**
   * The targets of these labels, a row for each.
   *
   * @throws DataException if there is a label that has no target
   */
  Tensor encode(List<? extends Y> labels);

  /** One target in words: what {@link #encode} gave for a label, without the first axis. */
  String decode(Tensor target);

  /** The loss for such targets, unless another is chosen. */
  Loss loss();
}
