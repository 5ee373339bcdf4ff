package org.fastai4j.learner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The callback that writes down losses, learning rates and metrics.
 *
 * <p>{@code train_loss} is fastai's smoothed loss, {@code v ← 0.98·v + 0.02·loss}, shown as {@code
 * v / (1 - 0.98^k)} after {@code k} batches of the fit; {@code valid_loss} and metrics are means
 * weighted by batch size.
 *
 * <p>Two things are not as in fastai. A cancelled pass keeps its columns: they hold what its
 * batches came to, or NaN (an empty cell in the table) if there were none, where fastai drops them
 * and the rest of the row moves to the left. And a batch that was cancelled before it had a loss is
 * not recorded, where fastai records the loss of the batch before it.
 */
public final class Recorder implements Callback {
  private static final double BETA = 0.98;

  private final List<Metric> metrics;
  private final List<Double> losses = new ArrayList<>();
  private final List<Double> lrs = new ArrayList<>();
  private final List<Integer> iters = new ArrayList<>();
  private final List<EpochRow> rows = new ArrayList<>();

  private double smooth;
  private double[] sums;
  private long items;
  private long started;
  private int lossesBefore;

  Recorder(List<Metric> metrics) {
    this.metrics = metrics;
    sums = new double[metrics.size() + 1];
  }

  @Override
  public int order() {
    return 50;
  }

  /** The smoothed training loss after every batch of the last fit. */
  public List<Double> losses() {
    return Collections.unmodifiableList(losses);
  }

  /** The learning rate of every batch of the last fit. */
  public List<Double> lrs() {
    return Collections.unmodifiableList(lrs);
  }

  /** How many batches had been trained on at the end of each epoch. */
  public List<Integer> iters() {
    return Collections.unmodifiableList(iters);
  }

  /** A row for every epoch of the last fit. */
  public List<EpochRow> rows() {
    return Collections.unmodifiableList(rows);
  }

  /** The values of every epoch: train_loss, valid_loss, then the metrics. */
  public List<List<Double>> values() {
    return rows.stream().map(EpochRow::values).toList();
  }

  /** Value number {@code column} of every epoch: 0 train_loss, 1 valid_loss, 2 the first metric. */
  public List<Double> itemgot(int column) {
    return values().stream().map(row -> row.get(column)).toList();
  }

  /** The names of the table's columns: epoch, train_loss, valid_loss, the metrics, time. */
  public List<String> metricNames() {
    return Stream.of(
            Stream.of("epoch", "train_loss", "valid_loss"),
            metrics.stream().map(Metric::name),
            Stream.of("time"))
        .flatMap(s -> s)
        .collect(Collectors.toList());
  }

  @Override
  public void beforeFit(Learner learn) {
    losses.clear();
    lrs.clear();
    iters.clear();
    rows.clear();
    smooth = 0;
  }

  @Override
  public void beforeEpoch(Learner learn) {
    started = System.nanoTime();
    lossesBefore = losses.size();
    sums = new double[metrics.size() + 1];
    items = 0;
  }

  @Override
  public void afterBatch(Learner learn) {
    if (!learn.hasLoss()) {
      return;
    }
    if (learn.isTraining()) {
      smooth = BETA * smooth + (1 - BETA) * learn.loss();
      losses.add(smooth / (1 - Math.pow(BETA, losses.size() + 1)));
      lrs.add(learn.optimizer().lr());
      return;
    }
    long n = learn.batch().size();
    sums[0] += learn.loss() * n;
    for (int i = 0; i < metrics.size(); i++) {
      sums[i + 1] += metrics.get(i).of(learn.pred(), learn.batch().y()) * n;
    }
    items += n;
  }

  @Override
  public void afterEpoch(Learner learn) {
    boolean trained = losses.size() > lossesBefore;
    boolean validated = items > 0;
    List<Double> values = new ArrayList<>();
    values.add(trained ? losses.get(losses.size() - 1) : Double.NaN);
    for (double sum : sums) {
      values.add(validated ? sum / items : Double.NaN);
    }
    iters.add(losses.size());
    Duration time = Duration.ofNanos(System.nanoTime() - started);
    rows.add(new EpochRow(learn.epoch(), values, trained, validated, time));
  }
}
