package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Tensor;

/**
 * {@link Adam} with the defaults of {@code torch.optim.AdamW}: {@code mom} 0.9, {@code sqr_mom}
 * 0.999, {@code eps} 1e-8, {@code wd} 0.01.
 *
 * <p>fastai has none by this name: its {@code Adam} decays in the same way, with other defaults.
 * Loshchilov and Hutter, 2017.
 */
public final class AdamW extends Optimizer {
  /** AdamW with torch's defaults. */
  public AdamW(List<Tensor> parameters, double lr) {
    super(parameters, lr, Hypers.of("mom", 0.9, "sqr_mom", 0.999, "eps", 1e-8, "wd", 0.01));
  }

  @Override
  protected void update(ParamBatch b) {
    Adam.move(b);
  }

  @Override
  protected List<String> stateNames(ParamGroup group) {
    return Moments.NAMES;
  }
}
