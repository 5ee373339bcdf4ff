package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What convolutions share: weight, bias and options; the formula is the subclass's. */
abstract class Convolution extends Module {
  final ConvOptions options;
  private final String name;
  private final Tensor weight;
  private final @Nullable Tensor bias;

  Convolution(int in, int out, int axes, boolean transposed, ConvOptions given) {
    options = given.of(axes);
    name = getClass().getSimpleName() + "(in=" + in + ", out=" + out + ", " + options + ")";
    int groups = options.groups;
    if (groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          name + ": in and out must be multiples of groups, which must be at least 1");
    }
    long[] kernel = options.kernel;
    long[] shape = new long[axes + 2];
    shape[0] = transposed ? in : out;
    shape[1] = (transposed ? out : in) / groups;
    System.arraycopy(kernel, 0, shape, 2, axes);
    double fanIn = shape[1];
    for (long k : kernel) {
      fanIn *= k;
    }
    double bound = 1 / Math.sqrt(fanIn);
    weight = parameter("weight", Tensor.uniform(-bound, bound, shape));
    bias = options.bias ? parameter("bias", Tensor.uniform(-bound, bound, out)) : null;
  }

  /** What the windows are multiplied by. */
  public final Tensor weight() {
    return weight;
  }

  /** What is added, {@code [out]}; a layer without one throws. */
  public final Tensor bias() {
    if (bias == null) {
      throw new IllegalStateException(this + " has no bias");
    }
    return bias;
  }

  /** The input with its edges, where they are not zeros, which the engine adds itself. */
  final Tensor padded(Tensor x) {
    if (options.padsWithZeros()) {
      return x;
    }
    long[] padding = options.padding;
    long[] counts = new long[2 * padding.length];
    for (int i = 0; i < padding.length; i++) {
      int at = 2 * (padding.length - 1 - i);
      counts[at] = padding[i];
      counts[at + 1] = padding[i];
    }
    return x.pad(counts, options.paddingMode);
  }

  /** What the engine is to pad. */
  final long[] zeroPadding() {
    return options.padsWithZeros() ? options.padding : new long[options.padding.length];
  }

  @Override
  public String toString() {
    return name;
  }
}
