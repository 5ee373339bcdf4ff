package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

/**
 * Adam that waits until it can judge the variance of its squares, with fastai's defaults: {@code
 * mom} 0.9, {@code sqr_mom} 0.99, {@code eps} 1e-5, {@code wd} 0, {@code beta} 0.
 *
 * <p>With {@code r∞ = 2/(1-v) - 1} and {@code r = r∞ - 2t·v^t/(1-v^t)}: while {@code r <= 5},
 * {@code p -= lr · G/(1-m^t)}; then Adam's step times {@code √((r-4)(r-2)r∞ / ((r∞-4)(r∞-2)r))}. A
 * {@code beta} above zero puts Adam's denominator through a softplus of that sharpness. Liu et al.,
 * 2019; beta from SAdam, Tong et al., 2019.
 */
public final class RAdam extends Optimizer {
  private static final double SOFTPLUS_THRESHOLD = 20;

  /** RAdam with fastai's defaults; {@code setHyper} changes them. */
  public RAdam(List<Tensor> parameters, double lr) {
    super(parameters, lr, Hypers.of("mom", 0.9, "sqr_mom", 0.99, "eps", 1e-5, "wd", 0, "beta", 0));
  }

  @Override
  protected void update(ParamBatch b) {
    b.decay();
    Moments m = new Moments(b);
    m.accumulate();
    double rate = b.lr() / m.debias();
    double v = b.hyper("sqr_mom");
    double most = 2 / (1 - v) - 1;
    double t = (double) b.step();
    double r = most - 2 * t * Math.pow(v, t) / m.sqrDebias();
    if (r <= 5) {
      b.parameters().add_(m.averages(), -rate);
      return;
    }
    double rectified = Math.sqrt((r - 4) * (r - 2) * most / ((most - 4) * (most - 2) * r));
    TensorList denominator = m.rms().add_(b.hyper("eps"));
    double beta = b.hyper("beta");
    if (beta != 0) {
      denominator = denominator.map(x -> x.softplus(beta, SOFTPLUS_THRESHOLD));
    }
    b.parameters().addcdiv_(m.averages(), denominator, -rate * rectified);
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    return Moments.NAMES;
  }
}
