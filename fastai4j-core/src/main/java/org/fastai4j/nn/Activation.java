package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** A function with settings, which it is printed with; what such activations share. */
abstract class Activation extends Module {
  private final String settings;
  private final Layer function;

  Activation(String settings, Layer function) {
    this.settings = settings;
    this.function = function;
  }

  @Override
  public final Tensor forward(Tensor x) {
    return function.forward(x);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + settings + ")";
  }
}
