package org.fastai4j.nn;

/**
 * Batch normalization of images: each channel brought to mean 0 and variance 1, then {@code γ·x +
 * β}.
 *
 * <p>Shapes: {@code [n, channels, h, w]} in and out. In training the statistics are the batch's,
 * and the running ones move by a tenth towards them; in evaluation the running ones are used.
 * Momentum 0.1, eps 1e-5, as PyTorch. Ioffe and Szegedy, 2015.
 */
public final class BatchNorm2d extends BatchNorm {
  public BatchNorm2d(int channels) {
    this(channels, NormOptions.DEFAULT);
  }

  public BatchNorm2d(int channels, NormOptions options) {
    super(channels, options);
  }

  @Override
  String expected(int channels, int dim) {
    return dim == 4 ? "" : "images [n, " + channels + ", h, w]";
  }
}
