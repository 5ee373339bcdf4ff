package org.fastai4j.nn;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The window of a convolution and how it moves: {@code kernel(7).stride(2).padding(3)}.
 *
 * <p>Sizes are one number for all axes, or one for each, as {@code kernel(3, 5)}. Each method gives
 * a copy. The defaults are PyTorch's: stride 1, no padding, dilation 1, one group, a bias.
 */
public final class ConvOptions {
  private static final long[] ONE = {1};
  private static final long[] NONE = {0};

  long[] kernel;
  long[] stride = ONE;
  long[] padding = NONE;
  long[] dilation = ONE;
  long[] outputPadding = NONE;
  int groups = 1;
  boolean bias = true;
  String paddingMode = "zeros";

  private ConvOptions(long... kernel) {
    this.kernel = kernel.clone();
  }

  /** A window of this size. */
  public static ConvOptions kernel(long... size) {
    return new ConvOptions(size);
  }

  /** Elements from one window to the next. */
  public ConvOptions stride(long... steps) {
    return with(o -> o.stride = steps.clone());
  }

  /** Elements added at each edge. */
  public ConvOptions padding(long... elements) {
    return with(o -> o.padding = elements.clone());
  }

  /** Elements from one row of the window to its next. */
  public ConvOptions dilation(long... steps) {
    return with(o -> o.dilation = steps.clone());
  }

  /** Elements that a transposed convolution adds at one edge of its output. */
  public ConvOptions outputPadding(long... elements) {
    return with(o -> o.outputPadding = elements.clone());
  }

  /** Input and output channels in {@code groups} parts that do not see each other. */
  public ConvOptions groups(int groups) {
    return with(o -> o.groups = groups);
  }

  /** Nothing added to the result. */
  public ConvOptions withoutBias() {
    return with(o -> o.bias = false);
  }

  /**
   * What padding is made of: {@code zeros}, {@code reflect}, {@code replicate}, {@code circular}.
   */
  public ConvOptions paddingMode(String mode) {
    return with(o -> o.paddingMode = mode);
  }

  private ConvOptions with(Consumer<ConvOptions> change) {
    ConvOptions o = new ConvOptions(kernel);
    o.stride = stride;
    o.padding = padding;
    o.dilation = dilation;
    o.outputPadding = outputPadding;
    o.groups = groups;
    o.bias = bias;
    o.paddingMode = paddingMode;
    change.accept(o);
    return o;
  }

  /** The same with one number for each of {@code axes} axes. */
  ConvOptions of(int axes) {
    return with(
        o -> {
          o.kernel = each(kernel, axes);
          o.stride = each(stride, axes);
          o.padding = each(padding, axes);
          o.dilation = each(dilation, axes);
          o.outputPadding = each(outputPadding, axes);
        });
  }

  private static long[] each(long[] sizes, int axes) {
    if (sizes.length != 1 && sizes.length != axes) {
      throw new IllegalArgumentException(
          Arrays.toString(sizes) + " has " + sizes.length + " sizes; give 1 or " + axes);
    }
    long[] out = new long[axes];
    for (int i = 0; i < axes; i++) {
      out[i] = sizes[sizes.length == 1 ? 0 : i];
    }
    return out;
  }

  boolean padsWithZeros() {
    return paddingMode.equals("zeros");
  }

  /** What a layer's text says; what is as usual is left out, but for stride and padding. */
  @Override
  public String toString() {
    return "kernel="
        + text(kernel)
        + ", stride="
        + text(stride)
        + ", padding="
        + text(padding)
        + (text(outputPadding).equals("0") ? "" : ", outputPadding=" + text(outputPadding))
        + (text(dilation).equals("1") ? "" : ", dilation=" + text(dilation))
        + (groups == 1 ? "" : ", groups=" + groups)
        + (bias ? "" : ", bias=false")
        + (padsWithZeros() ? "" : ", paddingMode=" + paddingMode);
  }

  private static String text(long... sizes) {
    return Arrays.stream(sizes).distinct().count() == 1
        ? Long.toString(sizes[0])
        : Arrays.toString(sizes);
  }
}
