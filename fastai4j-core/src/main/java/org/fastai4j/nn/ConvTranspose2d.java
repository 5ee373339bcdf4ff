package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * A convolution that makes images larger: the gradient of {@link Conv2d}.
 *
 * <p>Shapes: input {@code [n, in, h, w]}, output {@code [n, out, (h - 1)·stride - 2·padding +
 * dilation·(kernel - 1) + outputPadding + 1, ...]}; {@code weight} is {@code [in, out / groups,
 * kernel, kernel]}.
 */
public final class ConvTranspose2d extends Convolution {
  private static final Tensor[] NONE = {};

  /**
   * @param stride pixels of the output for one of the input
   */
  public ConvTranspose2d(int in, int out, int kernel, int stride) {
    this(in, out, ConvOptions.kernel(kernel).stride(stride));
  }

  /**
   * Draws weight and bias from {@code U(-1/√n, 1/√n)} with {@code n = out · kernel²}, as PyTorch.
   */
  public ConvTranspose2d(int in, int out, ConvOptions options) {
    super(in, out, 2, true, options);
    if (!options.padsWithZeros()) {
      throw new IllegalArgumentException(this + ": only zeros can be cut from what is transposed");
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.convTranspose2d(
        weight(),
        options.stride,
        options.padding,
        options.outputPadding,
        options.groups,
        options.dilation,
        options.bias ? new Tensor[] {bias()} : NONE);
  }
}
