package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

/**
 * Adam, with fastai's defaults: {@code mom} 0.9, {@code sqr_mom} 0.99, {@code eps} 1e-5, {@code wd}
 * 0.01.
 *
 * <p>After decoupled weight decay, {@code G = m·G + (1-m)·g; S = v·S + (1-v)·g²; p -= lr/(1-m^t) ·
 * G / (√(S/(1-v^t)) + eps)}, with {@code m} and {@code v} as they are at step {@code t}. {@code
 * torch.optim.Adam} has 0.999, 1e-8 and no decay. Kingma and Ba, 2014; decay as Loshchilov and
 * Hutter, 2017, so that it is what others call {@link AdamW}.
 */
public final class Adam extends Optimizer {
  /** Adam with fastai's defaults. */
  public Adam(List<Tensor> parameters, double lr) {
    this(parameters, lr, 0.9, 0.99, 1e-5, 0.01);
  }

  /** Adam with momentum {@code mom}, {@code sqrMom} and decoupled weight decay {@code wd}. */
  public Adam(
      List<Tensor> parameters, double lr, double mom, double sqrMom, double eps, double wd) {
    super(parameters, lr, Hypers.of("mom", mom, "sqr_mom", sqrMom, "eps", eps, "wd", wd));
  }

  @Override
  protected void update(ParamBatch b) {
    move(b);
  }

  static void move(ParamBatch b) {
    Moments m = new Moments(b);
    TensorList p = b.parameters();
    double eps = b.hyper("eps");
    if (p.fusedAdam_(
        b.gradients(),
        m.averages(),
        m.squares(),
        b.step(),
        b.lr(),
        b.hyper("mom"),
        b.hyper("sqr_mom"),
        eps,
        b.wd(),
        b.decoupleWd())) {
      return;
    }
    b.decay();
    m.accumulate();
    p.addcdiv_(m.averages(), m.rms().add_(eps), -b.lr() / m.debias());
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    return Moments.NAMES;
  }
}
