package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * Batch normalization of images: each channel brought to mean 0 and variance 1, then {@code γ·x +
 * β}.
 *
 * <p>Shapes: {@code [n, channels, h, w]} in and out. In training the statistics are the batch's,
 * and the running ones move by a tenth towards them; in evaluation the running ones are used.
 * Momentum 0.1, eps 1e-5, as PyTorch. Ioffe and Szegedy, 2015.
 */
public final class BatchNorm2d extends Module {
  private static final double MOMENTUM = 0.1;
  private static final double EPS = 1e-5;

  private final int channels;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor runningMean;
  private final Tensor runningVar;
  private final Tensor batches;

  public BatchNorm2d(int channels) {
    this.channels = channels;
    weight = parameter("weight", Tensor.ones(channels));
    bias = parameter("bias", Tensor.zeros(channels));
    runningMean = buffer("running_mean", Tensor.zeros(channels));
    runningVar = buffer("running_var", Tensor.ones(channels));
    batches = buffer("num_batches_tracked", Tensor.scalar(0).toLong());
  }

  @Override
  public Tensor forward(Tensor x) {
    if (isTraining()) {
      batches.add_(1);
    }
    return x.batchNorm(weight, bias, runningMean, runningVar, isTraining(), MOMENTUM, EPS);
  }

  @Override
  protected boolean decays(String name) {
    return false;
  }

  @Override
  public String toString() {
    return "BatchNorm2d(" + channels + ")";
  }
}
