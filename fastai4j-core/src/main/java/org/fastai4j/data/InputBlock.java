package org.fastai4j.data;

import java.util.List;

/**
 * The kind of the inputs of a {@link DataBlock}: how they become batches.
 *
 * @param <X> an input, such as a file
 * @param <O> the options that there are for batches of this kind
 * @param <D> what makes the batches
 */
public interface InputBlock<X, O, D extends DataLoaders> {
  /** The options unless changed. */
  O options();

  /** Batches of inputs and targets. */
  D dataloaders(Datasets<?, X, ?> data, O options);

  /**
   * What becomes of one input before it is part of a batch, step by step; the last is its shape.
   */
  List<String> steps(X input, O options);
}
