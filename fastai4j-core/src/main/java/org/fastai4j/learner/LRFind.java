package org.fastai4j.learner;

import java.util.List;
import org.fastai4j.optim.LRSuggestion;
import org.fastai4j.plot.Axes;
import org.fastai4j.plot.Figure;

/**
 * What a search for a learning rate saw, and what it suggests; see {@link Learner#lrFind()}.
 *
 * @param lrs the learning rate of every batch
 * @param losses the smoothed loss at every batch
 * @param batches how many there were to be
 */
public record LRFind(List<Double> lrs, List<Double> losses, int batches) {
  private static final int SKIP_END = 5;

  public LRFind {
    lrs = List.copyOf(lrs);
    losses = List.copyOf(losses);
  }

  /**
   * The learning rate that {@code rule} suggests, from the batches after the first tenth and before
   * the last five.
   *
   * @throws IllegalStateException if too few batches were tried
   */
  public double suggest(LRSuggestion rule) {
    return pick(rule).lr();
  }

  /** The middle of the longest descent: fastai's default. */
  public double valley() {
    return suggest(LRSuggestion.VALLEY);
  }

  /** The loss by learning rate, with a dot for each suggestion. */
  public Figure plot() {
    int shown = Math.max(2, losses.size() - SKIP_END);
    Figure figure = Figure.subplots();
    Axes axes =
        figure
            .axes()
            .plot(
                Curves.array(lrs.subList(0, Math.min(shown, lrs.size()))),
                Curves.array(losses.subList(0, Math.min(shown, losses.size()))))
            .logX()
            .xlabel("Learning Rate")
            .ylabel("Loss");
    int color = 1;
    for (LRSuggestion rule : LRSuggestion.values()) {
      if (used().length >= 16) {
        LRSuggestion.Pick pick = pick(rule);
        axes.scatter(
            new double[] {pick.pointLr()},
            new double[] {pick.pointLoss()},
            "C" + color,
            rule.label());
      }
      color++;
    }
    axes.legend();
    return figure;
  }

  private LRSuggestion.Pick pick(LRSuggestion rule) {
    double[] y = used();
    if (y.length < 2) {
      throw new IllegalStateException(
          "only %d batches were tried, too few for a suggestion; train with more data or batches"
              .formatted(losses.size()));
    }
    double[] x = Curves.array(lrs.subList(batches / 10, batches / 10 + y.length));
    return rule.suggest(x, y);
  }

  private double[] used() {
    return losses.size() < batches / 10 + SKIP_END
        ? new double[0]
        : LRSuggestion.usable(Curves.array(losses), batches);
  }
}
