package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** Probabilities along an axis: exponentials that sum to 1. */
public final class Softmax extends Module {
  private final int dim;

  /**
   * @param dim the axis; negative ones count from the last
   */
  public Softmax(int dim) {
    this.dim = dim;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.softmax(dim);
  }

  @Override
  public String toString() {
    return "Softmax(dim=" + dim + ")";
  }
}
