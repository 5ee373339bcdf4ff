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
public sealed class Adam extends Optimizer permits AdamW {
  private static final List<String> AMSGRAD_NAMES = List.of("grad_avg", "sqr_avg", "max_sqr_avg");

  private boolean amsgrad;

  /** Adam with fastai's defaults. */
  public Adam(List<Tensor> parameters, double lr) {
    this(parameters, lr, 0.9, 0.99, 1e-5, 0.01);
  }

  /** Adam with momentum {@code mom}, {@code sqrMom} and decoupled weight decay {@code wd}. */
  public Adam(
      List<Tensor> parameters, double lr, double mom, double sqrMom, double eps, double wd) {
    super(parameters, lr, Hypers.of("mom", mom, "sqr_mom", sqrMom, "eps", eps, "wd", wd));
  }

  /**
   * Divides by the largest {@code S} there was, in the place of the present one; returns this. Not
   * fastai's. Reddi et al., 2018.
   */
  public final Adam amsgrad() {
    amsgrad = true;
    return this;
  }

  @Override
  protected final void update(ParamBatch b) {
    Moments m = new Moments(b);
    TensorList p = b.parameters();
    double eps = b.hyper("eps");
    boolean done =
        !amsgrad
            && p.fusedAdam_(
                b.gradients(),
                m.averages(),
                m.squares(),
                b.step(),
                b.lr(),
                b.hyper("mom"),
                b.hyper("sqr_mom"),
                eps,
                b.wd(),
                b.decoupleWd());
    if (!done) {
      b.decay();
      m.accumulate();
      TensorList squares = amsgrad ? b.state("max_sqr_avg").maximum_(m.squares()) : m.squares();
      p.addcdiv_(m.averages(), m.rms(squares).add_(eps), -b.lr() / m.debias());
    }
  }

  @Override
  protected final boolean movesParts() {
    return true;
  }

  @Override
  protected final List<String> stateNames(ParamGroup group) {
    return amsgrad ? AMSGRAD_NAMES : Moments.NAMES;
  }
}
