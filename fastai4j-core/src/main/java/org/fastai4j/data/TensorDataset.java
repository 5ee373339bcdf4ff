package org.fastai4j.data;

import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * Items held by two tensors, one row each: the inputs and their targets.
 *
 * @param x inputs, {@code [n, ...]}
 * @param y targets, {@code [n, ...]}
 */
public record TensorDataset(Tensor x, Tensor y) {
  /** Keeps both tensors alive, whatever scope they were made in. */
  public TensorDataset {
    if (x.size(0) != y.size(0)) {
      throw new DataException(
          "a data set needs a target for each input: x is "
              + x.shape()
              + ", y is "
              + y.shape()
              + "; their first sizes must agree");
    }
    Scope.keep(x);
    Scope.keep(y);
  }

  /** The data set of these inputs and targets. */
  public static TensorDataset of(Tensor x, Tensor y) {
    return new TensorDataset(x, y);
  }

  /** The number of items. */
  public long size() {
    return x.size(0);
  }
}
