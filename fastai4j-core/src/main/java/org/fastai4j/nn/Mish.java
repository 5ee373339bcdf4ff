package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** {@code x · tanh(log(1 + exp(x)))}; any shape. Misra, 2019. */
public final class Mish extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x.mish();
  }
}
