package org.fastai4j.optim;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/** A rule that moves parameters against their gradients. */
public abstract class Optimizer {
  private final List<Tensor> parameters;
  private final BitSet undecayed = new BitSet();
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

  /**
   * Exempts these parameters from weight decay, as fastai exempts biases and normalization layers.
   */
  public final void withoutDecay(Collection<Tensor> exempt) {
    for (int i = 0; i < parameters.size(); i++) {
      if (exempt.contains(parameters.get(i))) {
        undecayed.set(i);
      }
    }
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

  /** Decays parameter number {@code i} by {@code lr · wd}, unless it is exempt. */
  protected final void decay(int i, Tensor p, double wd) {
    if (wd != 0 && !undecayed.get(i)) {
      p.mul_(1 - lr * wd);
    }
  }

  /** Forgets the gradients, so that the next {@code backward()} starts from none. */
  public final void zeroGrad() {
    parameters.forEach(Tensor::zeroGrad);
  }
}
