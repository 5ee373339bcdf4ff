package org.fastai4j.learner;

/**
 * Ends the fit after a batch, of training or validation, whose loss is NaN or infinite, and logs
 * where that was; fastai's {@code TerminateOnNaNCallback}. The epoch gets no row.
 */
public final class TerminateOnNaN implements Callback {
  private static final System.Logger LOG = System.getLogger(TerminateOnNaN.class.getName());

  @Override
  public int order() {
    return -9;
  }

  @Override
  public void afterBatch(Learner learn) {
    if (!Double.isFinite(learn.loss())) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the fit ends: the {0} loss is {1} at epoch {2}, batch {3}; a smaller learning rate may"
              + " help",
          learn.isTraining() ? "training" : "validation",
          Double.toString(learn.loss()),
          learn.epoch(),
          learn.iteration());
      throw new CancelException.Fit();
    }
  }
}
