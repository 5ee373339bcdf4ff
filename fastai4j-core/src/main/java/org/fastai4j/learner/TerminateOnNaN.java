package org.fastai4j.learner;

/**
 * Ends the fit after a batch, of training or validation, whose loss is NaN or infinite, and says
 * where that was; fastai's {@code TerminateOnNaNCallback}. The epoch gets no row.
 */
public final class TerminateOnNaN implements Callback {
  @Override
  public int order() {
    return -9;
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  @Override
  public void afterBatch(Learner learn) {
    if (!Double.isFinite(learn.loss())) {
      learn.endFit(
          "the %s loss is %s at epoch %d, batch %d; a smaller learning rate may help"
              .formatted(
                  learn.isTraining() ? "training" : "validation",
                  learn.loss(),
                  learn.epoch(),
                  learn.iteration()));
    }
  }
}
