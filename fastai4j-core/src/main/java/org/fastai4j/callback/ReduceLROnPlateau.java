package org.fastai4j.callback;

import org.fastai4j.learner.Learner;
import org.fastai4j.optim.ParamGroup;

/**
 * Divides the learning rate of every group when a column has not improved for {@code patience}
 * epochs; fastai's {@code ReduceLROnPlateau}. Of no use in a scheduled fit, which sets the rate
 * itself.
 */
public final class ReduceLROnPlateau extends Tracker {
  private final int patience;
  private final double factor;
  private final double minLr;

  /** Divides by 10, without end. */
  public ReduceLROnPlateau(String monitor, int patience) {
    this(monitor, patience, 10, 0);
  }

  /** Divides by {@code factor}, to {@code minLr} at the lowest. */
  public ReduceLROnPlateau(String monitor, int patience, double factor, double minLr) {
    super(monitor, 0);
    this.patience = patience;
    this.factor = factor;
    this.minLr = minLr;
  }

  @Override
  public int order() {
    return 62;
  }

  @Override
  void notImproved(Learner learn) {
    if (waited() < patience) {
      return;
    }
    for (ParamGroup group : learn.optimizer().groups()) {
      double lr = group.hyper("lr");
      group.setHyper("lr", Math.max(lr / factor, Math.min(lr, minLr)));
    }
    learn.say(
        "Epoch %d: the learning rate is now %s.".formatted(learn.epoch(), learn.optimizer().lr()));
    startOver();
  }
}
