package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

/**
 * Adam with its averages mixed with the gradient of the moment, with fastai's defaults: {@code mom}
 * 0.999, {@code sqr_mom} 0.999, {@code nu_1} 0.7, {@code nu_2} 1, {@code eps} 1e-8, {@code wd} 0.
 *
 * <p>{@code p -= lr · ((1-ν1)·g + ν1·G/(1-m^t)) / (√((1-ν2)·g² + ν2·S/(1-v^t)) + eps)}. Ma and
 * Yarats, 2018.
 */
public final class QHAdam extends Optimizer {
  /** QHAdam with fastai's defaults; {@code setHyper} changes them. */
  public QHAdam(List<Tensor> parameters, double lr) {
    super(
        parameters,
        lr,
        Hypers.of("mom", 0.999, "sqr_mom", 0.999, "nu_1", 0.7, "nu_2", 1, "eps", 1e-8, "wd", 0));
  }

  @Override
  protected void update(ParamBatch b) {
    b.decay();
    Moments m = new Moments(b);
    m.accumulate();
    TensorList g = b.gradients();
    double nu1 = b.hyper("nu_1");
    double nu2 = b.hyper("nu_2");
    TensorList direction = g.mul(1 - nu1).add_(m.averages(), nu1 / m.debias());
    TensorList squares = m.squares().mul(nu2 / m.sqrDebias()).addcmul_(g, g, 1 - nu2);
    b.parameters().addcdiv_(direction, squares.sqrt().add_(b.hyper("eps")), -b.lr());
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    return Moments.NAMES;
  }
}
