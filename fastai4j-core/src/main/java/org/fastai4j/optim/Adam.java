package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Adam, with fastai's defaults: {@code mom} 0.9, {@code sqr_mom} 0.99, {@code eps} 1e-5, {@code wd}
 * 0.01.
 *
 * <p>After decoupled weight decay, {@code G = m·G + (1-m)·g; S = v·S + (1-v)·g²; p -= lr/(1-m^t) ·
 * G / (√(S/(1-v^t)) + eps)}. {@code torch.optim.Adam} has 0.999, 1e-8 and no decay. Kingma and Ba,
 * 2014; decay as Loshchilov and Hutter, 2017.
 */
public final class Adam extends Optimizer {
  private final double mom;
  private final double sqrMom;
  private final double eps;
  private final double wd;
  private final @Nullable Tensor[] averages;
  private final @Nullable Tensor[] squares;
  private int t;

  /** Adam with fastai's defaults. */
  public Adam(List<Tensor> parameters, double lr) {
    this(parameters, lr, 0.9, 0.99, 1e-5, 0.01);
  }

  /** Adam with momentum {@code mom}, {@code sqrMom} and decoupled weight decay {@code wd}. */
  public Adam(
      List<Tensor> parameters, double lr, double mom, double sqrMom, double eps, double wd) {
    super(parameters, lr);
    this.mom = mom;
    this.sqrMom = sqrMom;
    this.eps = eps;
    this.wd = wd;
    averages = new Tensor[parameters.size()];
    squares = new Tensor[parameters.size()];
  }

  @Override
  protected void beforeStep() {
    t++;
  }

  @Override
  protected void update(int i, Tensor p, Tensor grad) {
    Tensor average = averages[i];
    Tensor square = squares[i];
    if (average == null || square == null) {
      average = Scope.keep(p.zerosLike());
      square = Scope.keep(p.zerosLike());
      averages[i] = average;
      squares[i] = square;
    }
    decay(i, p, wd);
    average.mul_(mom).add_(grad, 1 - mom);
    square.mul_(sqrMom).addcmul_(grad, grad, 1 - sqrMom);
    Tensor denominator = square.div(1 - Math.pow(sqrMom, t)).sqrt().add_(eps);
    p.addcdiv_(average, denominator, -lr() / (1 - Math.pow(mom, t)));
  }
}
