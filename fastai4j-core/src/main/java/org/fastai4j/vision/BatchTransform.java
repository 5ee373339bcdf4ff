package org.fastai4j.vision;

import java.util.random.RandomGenerator;
import org.fastai4j.tensor.Tensor;

/**
 * A change to a whole batch at once: float32 {@code [n, channels, height, width]}, in 0..1 until
 * {@link Normalize} comes.
 *
 * <pre>{@code
 * o -> o.batchTfms((x, random) -> x.add(Tensor.randn(x.shape().toArray()).mul(0.01)))
 * }</pre>
 */
@FunctionalInterface
public interface BatchTransform {
  /**
   * The batch as training sees it. It may be changed in place. What is drawn comes from {@code
   * random}, or from the engine's generator.
   */
  Tensor train(Tensor x, RandomGenerator random);

  /**
   * The batch as validation and prediction see it: unchanged, unless a transform says otherwise.
   */
  default Tensor valid(Tensor x) {
    return x;
  }

  /** Where this stands among the others: the lowest first, equal ones as they were given. */
  default int order() {
    return 0;
  }
}
