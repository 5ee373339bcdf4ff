package org.fastai4j.nn;

import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;

/**
 * The binary cross-entropy of probabilities, such as a sigmoid gave, and targets in 0..1; fastai's
 * {@code BCELossFlat}. {@link BCEWithLogitsLoss} is steadier where the model gives logits.
 */
public final class BCELoss extends ElementLoss<BCELoss> {
  public BCELoss() {
    this(Reduction.MEAN);
  }

  private BCELoss(Reduction reduction) {
    super(reduction);
  }

  @Override
  public BCELoss withReduction(Reduction how) {
    return new BCELoss(how);
  }

  @Override
  Tensor compute(Tensor preds, Tensor targets, Reduction how) {
    return preds.bce(targets, how);
  }
}
