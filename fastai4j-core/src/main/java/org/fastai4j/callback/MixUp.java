package org.fastai4j.callback;

import java.util.function.Supplier;
import org.fastai4j.tensor.Tensor;

/**
 * Trains on mixtures of two items, {@code λ·x + (1-λ)·x'} with a λ of its own for each item;
 * fastai's {@code MixUp}. Zhang et al., 2017.
 *
 * <p>λ is drawn from {@code Beta(alpha, alpha)}; the larger of λ and 1-λ is taken.
 */
public final class MixUp extends MixHandler {
  /** Mixes with fastai's alpha of 0.4, by which an item's own share is 0.84 on average. */
  public MixUp() {
    this(0.4);
  }

  /** Mixes more evenly the larger {@code alpha} is. */
  public MixUp(double alpha) {
    this(alpha, Draws::new);
  }

  MixUp(double alpha, Supplier<Draws> draws) {
    super(alpha, draws);
  }

  @Override
  Mixed mix(Tensor x, Tensor partners, double alpha, Draws draws) {
    double[] shares = draws.beta(alpha, (int) x.size(0));
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.max(shares[i], 1 - shares[i]);
    }
    Tensor share = Tensor.of(shares).toFloat().to(x.device());
    return new Mixed(x.indexSelect(0, partners).lerp(x, over(share, x)), share);
  }
}
