package org.fastai4j.optim;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

/**
 * Gradients divided by the root of the running mean of their squares, with fastai's defaults:
 * {@code mom} 0, {@code sqr_mom} 0.99, {@code eps} 1e-8, {@code wd} 0.
 *
 * <p>{@code S = v·S + (1-v)·g²; p -= lr · g / (√S + eps)}; with momentum {@code G = m·G + g} stands
 * for {@code g}. As in fastai nothing corrects for {@code S} starting at zero, so that the first
 * step is {@code 10 · lr}. fastai 2.7 never passes {@code eps} on; here it counts. Hinton, 2012.
 */
public final class RMSProp extends Optimizer {
  private boolean centered;

  /** RMSProp with fastai's defaults; {@code setHyper} changes them. */
  public RMSProp(List<Tensor> parameters, double lr) {
    super(parameters, lr, Hypers.of("mom", 0, "sqr_mom", 0.99, "eps", 1e-8, "wd", 0));
  }

  /**
   * Divides by the standard deviation of the gradients, {@code √(S - M²) + eps} with {@code M}
   * their running mean; returns this. As in {@code torch.optim.RMSprop}, momentum is then that of
   * the steps: {@code G = m·G + g/(…); p -= lr · G}. Graves, 2013.
   */
  public RMSProp centered() {
    centered = true;
    return this;
  }

  @Override
  protected void update(ParamBatch b) {
    b.decay();
    TensorList g = b.gradients();
    double v = b.hyper("sqr_mom");
    double eps = b.hyper("eps");
    TensorList squares = b.state("sqr_avg").mul_(v).addcmul_(g, g, 1 - v);
    if (centered) {
      TensorList mean = b.state("mean_avg").mul_(v).add_(g, 1 - v);
      TensorList deviation = squares.mul(1).addcmul_(mean, mean, -1).sqrt();
      b.parameters().add_(b.momentum(g.div(deviation.add_(eps))), -b.lr());
    } else {
      b.parameters().addcdiv_(b.momentum(g), squares.sqrt().add_(eps), -b.lr());
    }
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    List<String> names = new ArrayList<>(List.of("sqr_avg"));
    if (group.hyper("mom") != 0) {
      names.add("grad_avg");
    }
    if (centered) {
      names.add("mean_avg");
    }
    return names;
  }
}
