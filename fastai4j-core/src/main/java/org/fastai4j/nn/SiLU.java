package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** The sigmoid linear unit, {@code x · sigmoid(x)}; any shape. Also known as swish. */
public final class SiLU extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x.silu();
  }
}
