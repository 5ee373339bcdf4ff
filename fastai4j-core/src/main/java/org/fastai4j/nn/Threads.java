package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * How many threads an operation of a prediction is given: one in a net of fewer than a million
 * parameters, else those of {@link Torch#getNumThreads}.
 *
 * <p>With one image, the operations of a small net are over before a second thread has begun; the
 * other cores are for the requests that come at the same time.
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
