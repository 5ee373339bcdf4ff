package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** The rectified linear unit, {@code max(x, 0)}; any shape. */
public final class ReLU extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x.relu();
  }
}
