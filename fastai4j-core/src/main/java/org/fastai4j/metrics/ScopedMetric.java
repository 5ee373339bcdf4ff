package org.fastai4j.metrics;

import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/** A metric whose batches leave no tensor behind, and whose failures tell its name. */
abstract class ScopedMetric implements Metric {
  private final String name;

  ScopedMetric(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final void accumulate(Tensor preds, Tensor targets) {
    try {
      Autograd.noGrad(() -> Scope.run(() -> batch(preds, targets)));
    } catch (RuntimeException e) {
      throw new TensorException(
          "metric '%s' of predictions %s and targets %s: %s"
              .formatted(name, preds.shape(), targets.shape(), e.getMessage()),
          e);
    }
  }

  /** Takes in a batch; called in a scope, without recording. A batch that fails changes nothing. */
  abstract void batch(Tensor preds, Tensor targets);

  @Override
  public final String toString() {
    return name;
  }
}
