package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * How many threads an operation is given, where nobody says: those of {@link Torch#getNumThreads},
 * or one in a small net, of fewer than a million parameters.
 *
 * <p>In a prediction of one image, the operations of any small net are over before a second thread
 * has begun; the other cores are for the requests that come at the same time. In a fit they are
 * large enough for two where there are convolutions. Without, the work is in products of matrices,
 * which have one thread anyway ({@link Torch#getBlasThreads}), and for what is between them the
 * threads would wait for each other.
 */
public final class Threads {
  private static final long SMALL = 1_000_000;

  private Threads() {}

  /** The number of threads for a prediction of this net. */
  public static int toPredict(Module net) {
    return isSmall(net) ? 1 : Torch.getNumThreads();
  }

  /** The number of threads for a fit of this net. */
  public static int toTrain(Module net) {
    boolean convolves = net.parameters().stream().anyMatch(p -> p.dim() > 2);
    return isSmall(net) && !convolves ? 1 : Torch.getNumThreads();
  }

  private static boolean isSmall(Module net) {
    return net.parameters().stream().mapToLong(Tensor::numel).sum() < SMALL;
  }
}
