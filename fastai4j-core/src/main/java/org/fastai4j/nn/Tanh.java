package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** The hyperbolic tangent; any shape. */
public final class Tanh extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x.tanh();
  }
}
