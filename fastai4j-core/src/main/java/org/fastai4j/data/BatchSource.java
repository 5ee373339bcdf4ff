package org.fastai4j.data;

import java.util.function.Supplier;

/**
 * Items that come in batches, of which some work can be done ahead on other threads.
 *
 * @param <B> what a batch is
 */
public interface BatchSource<B> {
  /** The number of items; they are numbered from 0. */
  long size();

  /**
   * Begins to make the batch of these items and returns what ends it. {@link DataLoader} calls both
   * on the thread that takes the batches, so that the batch's tensors belong to that thread's
   * scope; what runs on other threads in between makes no tensors.
   */
  Supplier<B> begin(long[] items);

  /**
   * As {@link #begin(long[])}, where something is drawn at random: all that is drawn for this batch
   * follows from {@code seed}, on whatever thread.
   */
  default Supplier<B> begin(long[] items, long seed) {
    return begin(items);
  }

  /** Whether batches are drawn at random; then each pass has a seed, and each batch one of that. */
  default boolean isRandom() {
    return false;
  }

  /**
   * How many batches of this size are begun before they are needed, at most; they are begun several
   * at a time when half of them have been taken.
   */
  default int ahead(int batchSize) {
    return 0;
  }
}
