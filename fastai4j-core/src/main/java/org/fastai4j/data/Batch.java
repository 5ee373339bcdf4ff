package org.fastai4j.data;

import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Tensor;

/**
 * Inputs and targets of one step.
 *
 * @param x inputs, {@code [n, ...]}
 * @param y targets, {@code [n, ...]}; an empty tensor if there are none
 */
public record Batch(Tensor x, Tensor y) {
  /** A batch without targets. */
  public static Batch of(Tensor x) {
    return new Batch(x, Tensor.zeros(0));
  }

  /** Whether there is a target for each input. */
  public boolean hasTargets() {
    return y.dim() > 0 && y.size(0) == x.size(0);
  }

  /** The batch on {@code device}; this one if it is there. */
  public Batch to(Device device) {
    return x.device().equals(device) ? this : new Batch(x.to(device), y.to(device));
  }

  /** The number of items. */
  public long size() {
    return x.size(0);
  }
}
