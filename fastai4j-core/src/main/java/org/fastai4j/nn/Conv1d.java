package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * A convolution over sequences.
 *
 * <p>Shapes: input {@code [n, in, length]}, output {@code [n, out, (length + 2·padding -
 * dilation·(kernel - 1) - 1) / stride + 1]}; {@code weight} is {@code [out, in / groups, kernel]}.
 */
public final class Conv1d extends Convolution {
  private final long[] padding = zeroPadding();

  /** A kernel that moves one step at a time, over the sequence alone. */
  public Conv1d(int in, int out, int kernel) {
    this(in, out, ConvOptions.kernel(kernel));
  }

  /** Draws weight and bias from {@code U(-1/√n, 1/√n)} with {@code n = in · kernel}, as PyTorch. */
  public Conv1d(int in, int out, ConvOptions options) {
    super(in, out, 1, false, options);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor p = padded(x);
    return options.bias
        ? p.conv1d(weight(), bias(), options.stride, padding, options.dilation, options.groups)
        : p.conv1d(weight(), options.stride, padding, options.dilation, options.groups);
  }
}
