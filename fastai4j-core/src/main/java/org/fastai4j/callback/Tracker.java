package org.fastai4j.callback;

import java.util.List;
import java.util.Map;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.EpochRow;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;

/**
 * A callback that watches a column of the table of epochs; fastai's {@code TrackerCallback}.
 *
 * <p>Less is better where the column's name has "loss" or "error" in it, more otherwise. The best
 * begins anew with each fit.
 */
public abstract class Tracker implements Callback {
  private final String monitor;
  private final double minDelta;
  private final boolean lessIsBetter;
  private double best;
  private int waited;

  /**
   * Watches a column.
   *
   * @param monitor its name, such as {@code valid_loss}
   * @param minDelta by how much a value must be better than the best to count
   */
  Tracker(String monitor, double minDelta) {
    this.monitor = monitor;
    this.minDelta = minDelta;
    lessIsBetter = monitor.contains("loss") || monitor.contains("error");
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  /**
   * Forgets the best of an earlier fit.
   *
   * @throws IllegalArgumentException if the table has no such column; the message names those there
   *     are
   */
  @Override
  public void beforeFit(Learner learn) {
    learn.recorder().checkColumn(monitor);
    best = lessIsBetter ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    waited = 0;
  }

  @Override
  public void afterEpoch(Learner learn) {
    List<EpochRow> rows = learn.recorder().rows();
    EpochRow last = rows.get(rows.size() - 1);
    if (!last.trained() && !last.validated()) {
      return; // an epoch that was skipped
    }
    double value = learn.recorder().monitored(monitor);
    boolean improved = lessIsBetter ? value + minDelta < best : value - minDelta > best;
    if (improved) {
      best = value;
      waited = 0;
      improved(learn);
    } else {
      waited++;
      notImproved(learn);
    }
  }

  /** Called after an epoch whose value is the best so far. */
  void improved(Learner learn) {}

  /** Called after any other epoch. */
  void notImproved(Learner learn) {}

  /** The best value of this fit. */
  public double best() {
    return best;
  }

  /** How many epochs have passed since the best one, or since the last {@link #startOver}. */
  int waited() {
    return waited;
  }

  /** Counts from here. */
  void startOver() {
    waited = 0;
  }

  @Override
  public Map<String, Object> state() {
    return Map.of("best", best, "waited", waited);
  }

  @Override
  public void loadState(Map<String, Object> state) {
    best = Double.parseDouble(state.getOrDefault("best", best).toString()); // may be infinite
    waited = ((Number) state.getOrDefault("waited", waited)).intValue();
  }
}
