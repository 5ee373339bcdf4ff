package org.fastai4j.vision;

import java.util.random.RandomGenerator;

/**
 * A change to each image before it becomes part of a batch. It runs on several threads at once.
 *
 * <pre>{@code
 * o -> o.itemTfms(Image::invert, Resize.to(128))
 * }</pre>
 */
@FunctionalInterface
public interface ItemTransform {
  /** The image as validation and prediction see it; nothing is drawn. */
  Image apply(Image image);

  /**
   * The image as training sees it: as validation does, unless this draws. What is drawn comes from
   * {@code random}, so that it follows from the seed, the pass and the item's place in it, on any
   * number of threads and after a resume.
   */
  default Image train(Image image, RandomGenerator random) {
    return apply(image);
  }

  /** Whether {@link #train} draws. What does not is done once, and its result kept in memory. */
  default boolean isRandom() {
    return false;
  }

  /** Where this stands among the others: the lowest first, equal ones as they were given. */
  default int order() {
    return 0;
  }
}
