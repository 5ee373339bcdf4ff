package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

/**
 * Descent with a learning rate of its own for each parameter tensor, by the norms of weights and
 * gradient, with fastai's defaults: {@code mom} 0.9, {@code trust_coeff} 0.02, {@code eps} 1e-8,
 * {@code wd} 0.
 *
 * <p>{@code G = m·G + g; local = lr · trust_coeff · ‖p‖ / (‖g‖ + wd·‖p‖ + eps)}, at most {@code
 * lr}; {@code p -= local · G}. {@link #lars} has no such limit. A parameter that is all zeros never
 * moves. You et al., 2017; the limit from NVIDIA's Apex.
 */
public final class Larc extends Optimizer {
  private final boolean clip;

  /** LARC with fastai's defaults; {@code setHyper} changes them. */
  public Larc(List<Tensor> parameters, double lr) {
    this(parameters, lr, true);
  }

  private Larc(List<Tensor> parameters, double lr, boolean clip) {
    super(parameters, lr, Hypers.of("mom", 0.9, "trust_coeff", 0.02, "eps", 1e-8, "wd", 0));
    this.clip = clip;
  }

  /** LARS: the same with local rates that may exceed {@code lr}; fastai's {@code clip=False}. */
  public static Larc lars(List<Tensor> parameters, double lr) {
    return new Larc(parameters, lr, false);
  }

  @Override
  protected void update(ParamBatch b) {
    b.decay();
    TensorList g = b.gradients();
    double wd = b.hyper("wd");
    double[] weights = b.parameters().norms();
    double[] gradients = g.norms();
    double[] rates = new double[weights.length];
    for (int i = 0; i < rates.length; i++) {
      double local =
          b.lr()
              * b.hyper("trust_coeff")
              * weights[i]
              / (gradients[i] + weights[i] * wd + b.hyper("eps"));
      rates[i] = -(clip ? Math.min(local, b.lr()) : local);
    }
    b.parameters().add_(b.momentum(g), rates);
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    return group.hyper("mom") == 0 ? List.of() : List.of("grad_avg");
  }
}
