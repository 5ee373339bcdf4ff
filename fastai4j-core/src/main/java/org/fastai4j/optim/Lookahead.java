package org.fastai4j.optim;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;

/**
 * Another optimizer, called back now and then: a slow copy of the parameters follows the fast ones.
 *
 * <p>The copy is made at a parameter's first step; at every {@code k}-th, {@code slow += alpha ·
 * (fast - slow); fast = slow}. Zhang et al., 2019.
 */
public final class Lookahead extends Optimizer {
  private final Optimizer fast;
  private final int k;
  private final double alpha;

  /** Lookahead with fastai's defaults: {@code k} 6, {@code alpha} 0.5. */
  public Lookahead(Optimizer fast) {
    this(fast, 6, 0.5);
  }

  /**
   * Lookahead every {@code k} steps by the part {@code alpha} of the way. From then on this is the
   * optimizer to use, in the place of {@code fast}, whose groups and hyper-parameters it has.
   */
  public Lookahead(Optimizer fast, int k, double alpha) {
    super(fast);
    if (k < 1) {
      throw new IllegalArgumentException("Lookahead: every " + k + " steps; use 1 or more");
    }
    this.fast = fast;
    this.k = k;
    this.alpha = alpha;
  }

  /**
   * Lookahead of {@link RAdam} with fastai's defaults for it: {@code mom} 0.95, {@code wd} 0.01,
   * {@code eps} 1e-6.
   */
  public static Lookahead ranger(List<Tensor> parameters, double lr) {
    return new Lookahead(
        new RAdam(parameters, lr).setHyper("mom", 0.95).setHyper("wd", 0.01).setHyper("eps", 1e-6));
  }

  @Override
  protected void update(ParamBatch b) {
    TensorList slow = b.state("slow", Tensor::copy);
    fast.update(b);
    if (b.step() % k == 0) {
      slow.add_(b.parameters().add(slow, -1), alpha);
      b.parameters().copy_(slow);
    }
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    List<String> names = new ArrayList<>(fast.stateNames(group));
    names.add("slow");
    return names;
  }
}
