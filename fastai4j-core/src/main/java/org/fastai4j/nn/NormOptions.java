package org.fastai4j.nn;

/**
 * What a normalization layer may do otherwise: {@code DEFAULT.withEps(1e-3).withoutAffine()}.
 *
 * <p>Each method gives a copy. The defaults are PyTorch's.
 *
 * @param eps what is added to the variance
 * @param momentum how far a batch moves the running statistics; 0 for the mean of all batches
 * @param affine whether there are a weight and a bias
 * @param runningStats whether running statistics are kept, for evaluation
 */
public record NormOptions(double eps, double momentum, boolean affine, boolean runningStats) {
  /** Eps 1e-5, momentum 0.1, with a weight and a bias, and with running statistics. */
  public static final NormOptions DEFAULT = new NormOptions(1e-5, 0.1, true, true);

  public NormOptions withEps(double value) {
    return new NormOptions(value, momentum, affine, runningStats);
  }

  public NormOptions withMomentum(double value) {
    return new NormOptions(eps, value, affine, runningStats);
  }

  /** Running statistics that are the mean of all batches, as PyTorch's {@code momentum=None}. */
  public NormOptions cumulative() {
    return new NormOptions(eps, 0, affine, runningStats);
  }

  public NormOptions withoutAffine() {
    return new NormOptions(eps, momentum, false, runningStats);
  }

  /** The batch's statistics in evaluation too. */
  public NormOptions withoutRunningStats() {
    return new NormOptions(eps, momentum, affine, false);
  }
}
