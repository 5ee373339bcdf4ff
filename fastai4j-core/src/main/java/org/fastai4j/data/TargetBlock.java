package org.fastai4j.data;

import java.util.List;

/**
 * The kind of the targets of a {@link DataBlock}: how labels become numbers.
 *
 * @param <Y> a label
 */
@FunctionalInterface
public interface TargetBlock<Y> {
  /** What is learned from the labels to train on, such as the classes. */
  Targets<Y> setup(List<? extends Y> training);
}
