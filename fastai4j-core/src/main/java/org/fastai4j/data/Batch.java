package org.fastai4j.data;

import org.fastai4j.tensor.Tensor;

/**
 * Inputs and targets of one step.
 *
 * @param x inputs, {@code [n, ...]}
 * @param y targets, {@code [n, ...]}
 */
public record Batch(Tensor x, Tensor y) {
  /** The number of items. */
  public long size() {
    return x.size(0);
  }
}
