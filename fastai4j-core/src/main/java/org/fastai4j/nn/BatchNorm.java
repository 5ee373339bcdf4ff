package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.jspecify.annotations.Nullable;

/** Each channel brought to mean 0 and variance 1; the subclass says what shapes it takes. */
abstract class BatchNorm extends Norm {
  private final int channels;
  final NormOptions options;
  private final @Nullable Stats stats;

  private record Stats(Tensor mean, Tensor var, Tensor batches) {}

  BatchNorm(int channels, NormOptions options) {
    super(options, channels);
    this.channels = channels;
    this.options = options;
    stats =
        options.runningStats()
            ? new Stats(
                buffer("running_mean", Tensor.zeros(channels)),
                buffer("running_var", Tensor.ones(channels)),
                buffer("num_batches_tracked", Tensor.scalar(0).toLong()))
            : null;
  }

  /** The shapes it takes, in words, if {@code dim} axes are not among them; else empty. */
  abstract String expected(int channels, int dim);

  @Override
  public Tensor forward(Tensor x) {
    int dim = x.dim();
    String expected = expected(channels, dim);
    if (!expected.isEmpty() || x.size(1) != channels) {
      throw new TensorException(
          this
              + ": wants "
              + (expected.isEmpty() ? channels + " channels on axis 1" : expected)
              + "; it was given "
              + x.shape()
              + " "
              + x.dtype());
    }
    boolean training = isTraining();
    if ((training || stats == null) && x.numel() == channels) {
      throw new TensorException(
          this
              + ": one value for each channel has no variance; it was given "
              + x.shape()
              + "; make batches of 2 items or more, or call eval()");
    }
    if (stats == null) {
      return x.batchNorm(options.eps(), affine);
    }
    double momentum = options.momentum();
    if (training) {
      stats.batches.add_(1);
      if (momentum == 0) {
        momentum = 1 / stats.batches.item();
      }
    }
    return x.batchNorm(stats.mean, stats.var, training, momentum, options.eps(), affine);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName()
        + "("
        + channels
        + (options.eps() == NormOptions.DEFAULT.eps() ? "" : ", eps=" + options.eps())
        + (options.momentum() == NormOptions.DEFAULT.momentum()
            ? ""
            : options.momentum() == 0 ? ", cumulative" : ", momentum=" + options.momentum())
        + (options.affine() ? "" : ", affine=false")
        + (options.runningStats() ? "" : ", trackRunningStats=false")
        + ")";
  }
}
