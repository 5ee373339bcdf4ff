package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

/**
 * Adam's step scaled to the size of each parameter tensor, with fastai's defaults: {@code mom} 0.9,
 * {@code sqr_mom} 0.99, {@code eps} 1e-5, {@code wd} 0.
 *
 * <p>{@code u = G/(1-m^t) / (√(S/(1-v^t)) + eps); p -= lr · q · u}, {@code q = ‖p‖ / ‖u‖}, at most
 * 10, and 1 if either is 0. You et al., 2019.
 */
public final class Lamb extends Optimizer {
  private static final double MOST = 10;

  /** Lamb with fastai's defaults; {@code setHyper} changes them. */
  public Lamb(List<Tensor> parameters, double lr) {
    super(parameters, lr, Hypers.of("mom", 0.9, "sqr_mom", 0.99, "eps", 1e-5, "wd", 0));
  }

  @Override
  protected void update(ParamBatch b) {
    b.decay();
    Moments m = new Moments(b);
    m.accumulate();
    TensorList u = m.averages().mul(1 / m.debias()).div(m.rms().add_(b.hyper("eps")));
    double[] weights = b.parameters().norms();
    double[] steps = u.norms();
    double[] rates = new double[weights.length];
    for (int i = 0; i < rates.length; i++) {
      boolean none = weights[i] == 0 || steps[i] == 0;
      rates[i] = -b.lr() * (none ? 1 : Math.min(weights[i] / steps[i], MOST));
    }
    b.parameters().add_(u, rates);
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    return Moments.NAMES;
  }
}
