package org.fastai4j.nn;

import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;

/** The mean absolute difference of numbers; fastai's {@code L1LossFlat}. */
public final class L1Loss extends ElementLoss<L1Loss> {
  public L1Loss() {
    this(Reduction.MEAN);
  }

  private L1Loss(Reduction reduction) {
    super(reduction);
  }

  @Override
  public L1Loss withReduction(Reduction how) {
    return new L1Loss(how);
  }

  @Override
  Tensor compute(Tensor preds, Tensor targets, Reduction how) {
    return preds.l1Loss(targets, how);
  }
}
