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
  private double dampening;
  private boolean nesterov;

  /** Descent without momentum or weight decay. */
  public SGD(List<Tensor> parameters, double lr) {
    this(parameters, lr, 0, 0);
  }

  /** Descent with momentum {@code mom} and decoupled weight decay {@code wd}. */
  public SGD(List<Tensor> parameters, double lr, double mom, double wd) {
    super(parameters, lr, Hypers.of("mom", mom, "wd", wd));
  }

  /** Momentum by {@code G = mom · G + (1 - share) · g} after the first step; returns this. */
  public SGD dampening(double share) {
    dampening = share;
    return this;
  }

  /** Steps that look ahead, {@code p -= lr · (g + mom · G)}; returns this. Nesterov, 1983. */
  public SGD nesterov() {
    nesterov = true;
    return this;
  }

  @Override
  protected void update(ParamBatch b) {
    b.decay();
    TensorList p = b.parameters();
    TensorList g = b.gradients();
    double mom = b.hyper("mom");
    if (mom == 0) {
      p.add_(g, -b.lr());
      return;
    }
    TensorList average = b.state("grad_avg");
    boolean plain = dampening == 0 && !nesterov;
    if (!plain || !p.fusedSgd_(g, average, b.lr(), mom)) {
      average.mul_(mom).add_(g, b.step() == 1 ? 1 : 1 - dampening);
      p.add_(nesterov ? g.add(average, mom) : average, -b.lr());
    }
  }

  @Override
  protected boolean movesParts() {
    return true;
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    return group.hyper("mom") == 0 ? List.of() : List.of("grad_avg");
  }
}
