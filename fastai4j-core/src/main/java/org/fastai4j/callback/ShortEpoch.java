package org.fastai4j.callback;

import org.fastai4j.learner.Callback;
import org.fastai4j.learner.CancelException;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;

/**
 * Ends the training and the validation of an epoch after a share of their batches, to try a fit
 * out; fastai's {@code ShortEpochCallback}. The row has what those batches came to, where fastai's
 * is empty.
 */
public final class ShortEpoch implements Callback {
  private final double share;

  /** Ends both after the first batch with a hundredth of them done. */
  public ShortEpoch() {
    this(0.01);
  }

  /** Ends both after the first batch before which {@code share} of them are done, 0 to 1. */
  public ShortEpoch(double share) {
    this.share = share;
  }

  @Override
  public int order() {
    return 51; // when the recorder has seen the batch
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  @Override
  public void afterBatch(Learner learn) {
    if (learn.iteration() >= share * learn.iterations()) {
      throw learn.isTraining() ? new CancelException.Train() : new CancelException.Validate();
    }
  }
}
