package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An affine map, {@code y = x Wᵀ + b}.
 *
 * <p>Shapes: input {@code [..., in]}, output {@code [..., out]}; {@code weight} is {@code [out,
 * in]}.
 */
public final class Linear extends Module {
  private final int in;
  private final int out;
  private final Tensor weight;
  private final @Nullable Tensor bias;

  /** Draws weight and bias from {@code U(-1/√in, 1/√in)}, as PyTorch does. */
  public Linear(int in, int out) {
    this(in, out, true);
  }

  private Linear(int in, int out, boolean withBias) {
    this.in = in;
    this.out = out;
    double bound = 1 / Math.sqrt(in);
    weight = parameter("weight", Tensor.uniform(-bound, bound, out, in));
    bias = withBias ? parameter("bias", Tensor.uniform(-bound, bound, out)) : null;
  }

  /** A map without {@code b}. */
  public static Linear withoutBias(int in, int out) {
    return new Linear(in, out, false);
  }

  /** What the input is multiplied by, {@code [out, in]}. */
  public Tensor weight() {
    return weight;
  }

  /** What is added, {@code [out]}; a layer without one throws. */
  public Tensor bias() {
    if (bias == null) {
      throw new IllegalStateException(this + " has no bias");
    }
    return bias;
  }

  @Override
  public Tensor forward(Tensor x) {
    return bias == null ? x.linear(weight) : x.linear(weight, bias);
  }

  @Override
  public String toString() {
    return "Linear(in=" + in + ", out=" + out + (bias == null ? ", bias=false)" : ")");
  }
}
