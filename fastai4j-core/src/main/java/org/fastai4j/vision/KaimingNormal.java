package org.fastai4j.vision;

import org.fastai4j.nn.Module;
import org.fastai4j.nn.NormLayer;
import org.fastai4j.tensor.Autograd;

/**
 * Weights drawn from {@code N(0, 2 / n)}, where {@code n} inputs make one output, and biases of 0:
 * the variance of what flows forward through ReLUs is kept.
 *
 * <p>Reference: He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015; fastai's {@code
 * apply_init} and {@code init_cnn}.
 */
final class KaimingNormal {
  private KaimingNormal() {}

  /** Draws anew what the module and its children hold; normalization layers stay as they are. */
  static void init_(Module module) {
    Autograd.noGrad(
        () ->
            module.apply(
                m -> {
                  if (m instanceof NormLayer || !m.namedChildren().isEmpty()) {
                    return;
                  }
                  m.namedParameters()
                      .forEach(
                          (name, t) -> {
                            if (t.dim() > 1) {
                              t.normal_(0, Math.sqrt(2.0 * t.size(0) / t.numel()));
                            } else {
                              t.zero_();
                            }
                          });
                }));
  }
}
