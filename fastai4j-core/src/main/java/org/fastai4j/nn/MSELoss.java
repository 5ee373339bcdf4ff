package org.fastai4j.nn;

import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;

/** The mean squared difference of numbers; fastai's {@code MSELossFlat}. */
public final class MSELoss extends ElementLoss<MSELoss> {
  public MSELoss() {
    this(Reduction.MEAN);
  }

  private MSELoss(Reduction reduction) {
    super(reduction);
  }

  @Override
  public MSELoss withReduction(Reduction how) {
    return new MSELoss(how);
  }

  @Override
  Tensor compute(Tensor preds, Tensor targets, Reduction how) {
    return preds.mseLoss(targets, how);
  }
}
