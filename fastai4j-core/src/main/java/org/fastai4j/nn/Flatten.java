package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** All axes but the first joined to one: {@code [n, ...]} to {@code [n, -1]}. */
public final class Flatten extends Module {
  @Override
  public Tensor forward(Tensor x) {
    return x.flatten(1, -1);
  }
}
