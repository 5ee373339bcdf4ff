package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

/**
 * Stochastic gradient descent, {@code p -= lr · g}; with momentum {@code G = mom · G + g; p -= lr ·
 * G}.
 *
 * <p>fastai's formulas: momentum without dampening, and weight decay applied to the parameter
 * ({@code p *= 1 - lr · wd}) before the step, not added to the gradient as {@code torch.optim.SGD}
 * does.
 */
public final class SGD extends Optimizer {

  /** Descent without momentum or weight decay. */
  public SGD(List<Tensor> parameters, double lr) {
    this(parameters, lr, 0, 0);
  }

  /** Descent with momentum {@code mom} and decoupled weight decay {@code wd}. */
  public SGD(List<Tensor> parameters, double lr, double mom, double wd) {
    super(parameters, lr, Hypers.of("mom", mom, "wd", wd));
  }

  @Override
  protected void update(ParamBatch b) {
    b.decay();
    TensorList p = b.parameters();
    double mom = b.hyper("mom");
    if (mom == 0) {
      p.add_(b.gradients(), -b.lr());
    } else if (!p.fusedSgd_(b.gradients(), b.state("grad_avg"), b.lr(), mom)) {
      p.add_(b.state("grad_avg").mul_(mom).add_(b.gradients(), 1), -b.lr());
    }
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    return group.hyper("mom") == 0 ? List.of() : List.of("grad_avg");
  }
}
