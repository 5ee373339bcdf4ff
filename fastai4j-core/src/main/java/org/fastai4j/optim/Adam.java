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
  private static final double MOM = 0.9;
  private static final double SQR_MOM = 0.99;
  private static final double EPS = 1e-5;
  private static final double WD = 0.01;

  private final @Nullable Tensor[] averages;
  private final @Nullable Tensor[] squares;
  private int t;

  public Adam(List<Tensor> parameters, double lr) {
    super(parameters, lr);
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
      averages[i] = average = Scope.keep(p.zerosLike());
      squares[i] = square = Scope.keep(p.zerosLike());
    }
    p.mul_(1 - lr() * WD);
    average.mul_(MOM).add_(grad, 1 - MOM);
    square.mul_(SQR_MOM).addcmul_(grad, grad, 1 - SQR_MOM);
    Tensor denominator = square.div(1 - Math.pow(SQR_MOM, t)).sqrt().add_(EPS);
    p.addcdiv_(average, denominator, -lr() / (1 - Math.pow(MOM, t)));
  }
}
