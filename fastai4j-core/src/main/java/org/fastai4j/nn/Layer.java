package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** A function from a tensor to a tensor, such as {@code Tensor::relu} or a {@link Module}. */
@FunctionalInterface
public interface Layer {
  /** The output for input {@code x}. */
  Tensor forward(Tensor x);

  /** As {@link #forward}, and a module's hooks are told; Python's {@code layer(x)}. */
  default Tensor call(Tensor x) {
    return forward(x);
  }
}
