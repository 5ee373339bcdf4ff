package org.fastai4j.nn;

import java.util.Optional;
import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * The binary cross-entropy of logits and targets in 0..1, for labels of which any number may hold;
 * fastai's {@code BCEWithLogitsLossFlat}.
 *
 * <p>Predictions of any shape, targets (bool, whole or fractions) of as many elements. Activation
 * is the sigmoid; decided for is what is above the threshold.
 */
public final class BCEWithLogitsLoss extends ElementLoss<BCEWithLogitsLoss> {
  private final double thresh;
  private final Optional<Tensor> weight;
  private final Optional<Tensor> posWeight;

  /** Threshold 0.5, no weights. */
  public BCEWithLogitsLoss() {
    this(0.5, Optional.empty(), Optional.empty(), Reduction.MEAN);
  }

  private BCEWithLogitsLoss(
      double thresh, Optional<Tensor> weight, Optional<Tensor> posWeight, Reduction reduction) {
    super(reduction);
    this.thresh = thresh;
    this.weight = weight;
    this.posWeight = posWeight;
  }

  /** The probability above which a label is decided for. */
  public BCEWithLogitsLoss withThresh(double probability) {
    return new BCEWithLogitsLoss(probability, weight, posWeight, reduction);
  }

  /** A factor for each element, broadcast to the predictions. */
  public BCEWithLogitsLoss withWeight(Tensor factor) {
    return new BCEWithLogitsLoss(thresh, kept(factor), posWeight, reduction);
  }

  /** A factor for the targets that are 1, broadcast to the predictions. */
  public BCEWithLogitsLoss withPosWeight(Tensor factor) {
    return new BCEWithLogitsLoss(thresh, weight, kept(factor), reduction);
  }

  @Override
  public BCEWithLogitsLoss withReduction(Reduction how) {
    return new BCEWithLogitsLoss(thresh, weight, posWeight, how);
  }

  private static Optional<Tensor> kept(Tensor t) {
    return Optional.of(Scope.keep(t.detach().copy()));
  }

  @Override
  Tensor compute(Tensor preds, Tensor targets, Reduction how) {
    if (how == Reduction.MEAN && weight.isEmpty() && posWeight.isEmpty()) {
      return preds.bceWithLogits(targets);
    }
    return preds.bceWithLogits(targets, factor(weight, preds), factor(posWeight, preds), how);
  }

  private static Tensor factor(Optional<Tensor> t, Tensor preds) {
    return t.orElseGet(() -> Tensor.ones(1)).to(preds.device()).to(preds.dtype());
  }

  @Override
  public Tensor activation(Tensor preds) {
    return preds.sigmoid();
  }

  /** Whether each probability is above the threshold, bool. */
  @Override
  public Tensor decodes(Tensor preds) {
    return preds.gt(thresh);
  }
}
