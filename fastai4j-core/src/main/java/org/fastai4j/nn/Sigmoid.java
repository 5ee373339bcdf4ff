package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** {@code 1 / (1 + exp(-x))}; any shape. */
public final class Sigmoid extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x.sigmoid();
  }
}
