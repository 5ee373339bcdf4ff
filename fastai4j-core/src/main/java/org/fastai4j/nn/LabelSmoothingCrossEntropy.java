package org.fastai4j.nn;

import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;

/**
 * Cross-entropy with a share {@code eps} of each target spread over all classes, {@code (1 - eps) ·
 * nll + eps / c · Σ -log p}; fastai's. Weights count in the first part only, unlike PyTorch's label
 * smoothing ({@link CrossEntropyLoss#withLabelSmoothing}). Szegedy et al., 2015.
 */
public final class LabelSmoothingCrossEntropy extends ClassLoss<LabelSmoothingCrossEntropy> {
  private final double eps;

  /** Spreads a tenth. */
  public LabelSmoothingCrossEntropy() {
    this(0.1);
  }

  public LabelSmoothingCrossEntropy(double eps) {
    this(Settings.DEFAULT, eps);
  }

  private LabelSmoothingCrossEntropy(Settings settings, double eps) {
    super(settings);
    this.eps = eps;
  }

  @Override
  LabelSmoothingCrossEntropy with(Settings changed) {
    return new LabelSmoothingCrossEntropy(changed, eps);
  }

  @Override
  Tensor compute(Tensor logits, Tensor classes, Reduction reduction, Tensor... weight) {
    if (weight.length == 0) {
      return logits.crossEntropy(classes, reduction, IGNORED, eps);
    }
    Tensor logs = logits.logSoftmax(1);
    Tensor spread = reduction.of(logs.sum(1)).mul(-eps / logits.size(1));
    return logs.nllLoss(classes, reduction, IGNORED, weight).mul(1 - eps).add(spread);
  }

  @Override
  public String toString() {
    return "LabelSmoothingCrossEntropy(eps=" + eps + ")";
  }
}
