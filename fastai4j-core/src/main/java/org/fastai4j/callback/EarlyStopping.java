package org.fastai4j.callback;

import org.fastai4j.learner.Learner;

/**
 * Ends the fit when a column has not improved for {@code patience} epochs; fastai's {@code
 * EarlyStoppingCallback}. The row of the last epoch is kept.
 */
public final class EarlyStopping extends Tracker {
  private final String monitor;
  private final int patience;

  /** Stops when {@code monitor} has not improved by more than 0 for {@code patience} epochs. */
  public EarlyStopping(String monitor, int patience) {
    this(monitor, patience, 0);
  }

  /** As above, where an improvement of up to {@code minDelta} is none. */
  public EarlyStopping(String monitor, int patience, double minDelta) {
    super(monitor, minDelta);
    this.monitor = monitor;
    this.patience = patience;
  }

  @Override
  public int order() {
    return 63;
  }

  @Override
  void notImproved(Learner learn) {
    if (waited() >= patience) {
      learn.endFit(
          "%s has not improved since epoch %d".formatted(monitor, learn.epoch() - waited()));
    }
  }
}
