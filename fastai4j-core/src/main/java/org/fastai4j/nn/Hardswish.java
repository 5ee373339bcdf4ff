package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** {@code x · clamp(x + 3, 0, 6) / 6}; any shape. */
public final class Hardswish extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x.hardswish();
  }
}
