package org.fastai4j.nn;

import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;

/**
 * Cross-entropy that counts what is certain less, {@code (1 - p)^gamma · ce} with {@code p =
 * exp(-ce)}; fastai's {@code FocalLossFlat}. Weights go into {@code ce}, and the mean is a plain
 * one. Lin et al., 2017.
 */
public final class FocalLoss extends ClassLoss<FocalLoss> {
  private final double gamma;

  /** Gamma 2. */
  public FocalLoss() {
    this(2);
  }

  /**
   * @param gamma 0 is the cross-entropy
   */
  public FocalLoss(double gamma) {
    this(Settings.DEFAULT, gamma);
  }

  private FocalLoss(Settings settings, double gamma) {
    super(settings);
    this.gamma = gamma;
  }

  @Override
  FocalLoss with(Settings changed) {
    return new FocalLoss(changed, gamma);
  }

  @Override
  Tensor compute(Tensor logits, Tensor classes, Reduction reduction, Tensor... weight) {
    Tensor ce = logits.crossEntropy(classes, Reduction.NONE, IGNORED, 0, weight);
    return reduction.of(ce.neg().exp().rsub(1).pow(gamma).mul(ce));
  }

  @Override
  public String toString() {
    return "FocalLoss(gamma=" + gamma + ")";
  }
}
