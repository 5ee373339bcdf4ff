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
public final class AdamW extends Adam {
  /** AdamW with torch's defaults. */
  public AdamW(List<Tensor> parameters, double lr) {
    super(parameters, lr, 0.9, 0.999, 1e-8, 0.01);
  }
}
