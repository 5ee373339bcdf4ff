package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** {@code log(1 + exp(x))}; any shape. */
public final class Softplus extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x.softplus();
  }
}
