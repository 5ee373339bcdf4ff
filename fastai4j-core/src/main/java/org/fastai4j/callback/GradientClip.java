package org.fastai4j.callback;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Learner;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * Scales all gradients before a step so that their Euclidean norm together is at most {@code
 * maxNorm}; fastai's {@code GradientClip}. Pascanu et al., 2013.
 */
public final class GradientClip implements Callback {
  private final double maxNorm;

  /** Bounds the norm by {@code maxNorm}. */
  public GradientClip(double maxNorm) {
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException(
          "GradientClip: a norm of " + maxNorm + "; use more than 0");
    }
    this.maxNorm = maxNorm;
  }

  @Override
  public int order() {
    return 11;
  }

  @Override
  public void beforeStep(Learner learn) {
    Autograd.noGrad(() -> Scope.run(() -> clip(learn.optimizer().parameters())));
  }

  private void clip(List<Tensor> parameters) {
    List<Tensor> gradients = new ArrayList<>();
    double sum = 0;
    for (Tensor p : parameters) {
      if (p.hasGrad()) {
        Tensor g = p.grad();
        gradients.add(g);
        sum += g.mul(g).sum().item();
      }
    }
    double scale = maxNorm / (Math.sqrt(sum) + 1e-6);
    if (scale < 1) {
      gradients.forEach(g -> g.mul_(scale));
    }
  }
}
