package org.fastai4j.callback;

import java.util.Map;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.CancelException;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;

/**
 * Steps once for every {@code items} items instead of for every batch, with the mean of their
 * gradients; fastai's {@code GradientAccumulation}. What is left over at the end of an epoch is
 * carried into the next; at the end of the fit it is dropped, as in fastai.
 */
public final class GradientAccumulation implements Callback {
  private final int items;
  private int count;

  /** Steps after {@code items} items. */
  public GradientAccumulation(int items) {
    if (items < 1) {
      throw new IllegalArgumentException(
          "GradientAccumulation: " + items + " items; use 1 or more");
    }
    this.items = items;
  }

  @Override
  public int order() {
    return 6;
  }

  @Override
  public boolean joins(Run run) {
    return run != Run.EVALUATE; // one within the fit would begin to count anew
  }

  @Override
  public void beforeFit(Learner learn) {
    count = 0;
  }

  @Override
  public void afterLoss(Learner learn) {
    if (learn.isTraining()) {
      learn.setLossTensor(learn.lossTensor().mul((double) learn.batch().size() / items));
    }
  }

  @Override
  public void beforeStep(Learner learn) {
    count += (int) learn.batch().size();
    if (count < items) {
      throw new CancelException.Batch();
    }
    count = 0;
  }

  @Override
  public Map<String, Object> state() {
    return Map.of("count", count);
  }

  @Override
  public void loadState(Map<String, Object> state) {
    count = ((Number) state.getOrDefault("count", count)).intValue();
  }
}
