package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent, {@code p -= lr · g}; with momentum {@code G = mom · G + g; p -= lr ·
 * G}.
 *
 * <p>fastai's formulas: momentum without dampening, and weight decay applied to the parameter
 * ({@code p *= 1 - lr · wd}) before the step, not added to the gradient as {@code torch.optim.SGD}
 * does.
 */
public final class SGD extends Optimizer {
  private final double mom;
  private final double wd;
  private final @Nullable Tensor[] averages;

  /** Descent without momentum or weight decay. */
  public SGD(List<Tensor> parameters, double lr) {
    this(parameters, lr, 0, 0);
  }

  /** Descent with momentum {@code mom} and decoupled weight decay {@code wd}. */
  public SGD(List<Tensor> parameters, double lr, double mom, double wd) {
    super(parameters, lr);
    this.mom = mom;
    this.wd = wd;
    averages = new Tensor[parameters.size()];
  }

  @Override
  protected void update(int i, Tensor p, Tensor grad) {
    decay(i, p, wd);
    Tensor direction = grad;
    if (mom != 0) {
      Tensor average = averages[i];
      direction = average == null ? Scope.keep(grad.copy()) : average.mul_(mom).add_(grad);
      averages[i] = direction;
    }
    p.add_(direction, -lr());
  }
}
