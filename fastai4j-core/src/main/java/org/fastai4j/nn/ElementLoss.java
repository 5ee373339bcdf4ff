package org.fastai4j.nn;

import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * What losses that compare element by element share: the targets take on the predictions' dtype and
 * shape, so that {@code [n]} fits {@code [n, 1]} and nothing is broadcast. Immutable: the withers
 * give copies.
 */
abstract class ElementLoss<L extends ElementLoss<L>> implements Loss {
  final Reduction reduction;

  ElementLoss(Reduction reduction) {
    this.reduction = reduction;
  }

  /** The loss of predictions and targets of the same shape and dtype. */
  abstract Tensor compute(Tensor preds, Tensor targets, Reduction how);

  /** How {@link #apply} puts the elements' losses together: their mean by default. */
  public abstract L withReduction(Reduction how);

  /**
   * The loss of a batch.
   *
   * @throws TensorException if {@code preds} and {@code targets} have not equally many elements
   */
  @Override
  public final Tensor apply(Tensor preds, Tensor targets) {
    return compute(preds, alike(targets, preds), reduction);
  }

  /** The mean loss of each item's elements. */
  @Override
  public final Tensor perItem(Tensor preds, Tensor targets) {
    Tensor each = compute(preds, alike(targets, preds), Reduction.NONE);
    return each.dim() <= 1 ? each : each.flatten(1, -1).mean(1);
  }

  @Override
  public final Reduction reduction() {
    return reduction;
  }

  private Tensor alike(Tensor targets, Tensor preds) {
    Tensor t = targets.to(preds.dtype());
    if (t.shape().equals(preds.shape())) {
      return t;
    }
    if (t.numel() != preds.numel()) {
      throw new TensorException(
          this
              + ": predictions "
              + preds.shape()
              + " and targets "
              + t.shape()
              + " have not equally many elements; give the last layer as many outputs as an item"
              + " has targets");
    }
    return t.reshape(preds.shape().toArray());
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
