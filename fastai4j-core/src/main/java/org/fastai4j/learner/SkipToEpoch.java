package org.fastai4j.learner;

/** Cancels the epochs before number {@code epoch} of a fit; fastai's {@code SkipToEpoch}. */
record SkipToEpoch(int epoch) implements Callback {
  @Override
  public int order() {
    return 70; // when the others have begun the epoch
  }

  @Override
  public void beforeEpoch(Learner learn) {
    if (learn.epoch() < epoch) {
      throw new CancelException.Epoch();
    }
  }
}
