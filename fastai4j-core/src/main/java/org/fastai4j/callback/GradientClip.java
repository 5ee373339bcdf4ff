package org.fastai4j.callback;

import java.util.Arrays;
import java.util.List;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Learner;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

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
    TensorList gradients =
        TensorList.of(parameters.stream().filter(Tensor::hasGrad).map(Tensor::grad).toList());
    double squares = Arrays.stream(gradients.norms()).map(norm -> norm * norm).sum();
    double scale = maxNorm / (Math.sqrt(squares) + 1e-6);
    if (scale < 1) {
      gradients.mul_(scale);
    }
  }
}
