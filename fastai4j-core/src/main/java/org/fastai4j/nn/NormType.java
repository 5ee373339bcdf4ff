package org.fastai4j.nn;

/** The normalization of a {@link ConvLayer}; fastai's. */
public enum NormType {
  /** None; the convolution has a bias. */
  NONE,
  /** Batch normalization. */
  BATCH,
  /** Batch normalization whose weight begins at zero, for the last of a residual block. */
  BATCH_ZERO,
  /** Instance normalization. */
  INSTANCE
}
