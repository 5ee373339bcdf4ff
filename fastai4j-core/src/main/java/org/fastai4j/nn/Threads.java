package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * How many threads an operation of a net is given: one in a net of fewer than a million parameters,
 * else those of {@link Torch#getNumThreads}.
 *
 * <p>The threads of an operation wait for each other by spinning. Where other programs want the
 * cores too, the one waited for does not run, and a small operation takes as long as the system's
 * time slices: with 64 images of 28 by 28, a step of {@code simple_cnn} takes 4.5 ms on one of two
 * free cores, 3 on both; on busy ones it takes 14 ms with one thread and 290 with two.
 */
public final class Threads {
  private static final long SMALL = 1_000_000;

  private Threads() {}

  /** The number of threads for this net. */
  public static int of(Module net) {
    long parameters = net.parameters().stream().mapToLong(Tensor::numel).sum();
    return parameters < SMALL ? 1 : Torch.getNumThreads();
  }
}
