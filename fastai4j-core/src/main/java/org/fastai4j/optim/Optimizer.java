package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/** A rule that moves parameters against their gradients. */
public abstract class Optimizer {
  private final List<Tensor> parameters;
  private double lr;

  /** An optimizer of these parameters with learning rate {@code lr}. */
  protected Optimizer(List<Tensor> parameters, double lr) {
    this.parameters = List.copyOf(parameters);
    this.lr = lr;
  }

  /** The learning rate. */
  public final double lr() {
    return lr;
  }

  /** Sets the learning rate for the steps to come. */
  public final void setLr(double lr) {
    this.lr = lr;
  }

  /** What is being optimized. */
  public final List<Tensor> parameters() {
    return parameters;
  }

  /** Moves every parameter that has a gradient; to be followed by {@link #zeroGrad()}. */
  public final void step() {
    Autograd.noGrad(
        () ->
            Scope.run(
                () -> {
                  beforeStep();
                  for (int i = 0; i < parameters.size(); i++) {
                    Tensor p = parameters.get(i);
                    if (p.hasGrad()) {
                      update(i, p, p.grad());
                    }
                  }
                }));
  }

  /** Called once before the parameters of a step are updated. */
  protected void beforeStep() {}

  /** Moves parameter number {@code i} in place; called with recording off and a scope open. */
  protected abstract void update(int i, Tensor p, Tensor grad);

  /** Forgets the gradients, so that the next {@code backward()} starts from none. */
  public final void zeroGrad() {
    parameters.forEach(Tensor::zeroGrad);
  }
}
