package org.fastai4j.learner;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dflib.DataFrame;
import org.fastai4j.metrics.Metric;
import org.fastai4j.plot.Figure;
import org.fastai4j.plot.StyledTable;

/**
 * The callback that writes down losses, learning rates and metrics.
 *
 * <p>{@code train_loss} is fastai's smoothed loss, {@code v ← 0.98·v + 0.02·loss}, shown as {@code
 * v / (1 - 0.98^k)} after {@code k} batches of the fit; {@code valid_loss} is the mean weighted by
 * batch size.
 *
 * <p>Three things are not as in fastai. A cancelled pass keeps its columns: they hold what its
 * batches came to, or NaN (an empty cell in the table) if there were none, where fastai drops them
 * and the rest of the row moves to the left. A batch that was cancelled before it had a loss is not
 * recorded, where fastai records the loss of the batch before it. And {@code validate}, {@code
 * getPreds} and {@code lrFind} leave the history of the last fit as it is.
 */
public final class Recorder implements Callback {
  private static final Gson GSON =
      new GsonBuilder()
          .serializeSpecialFloatingPointValues()
          .registerTypeAdapter(
              Duration.class,
              (JsonSerializer<Duration>) (time, type, c) -> new JsonPrimitive(time.toNanos()))
          .registerTypeAdapter(
              Duration.class,
              (JsonDeserializer<Duration>) (nanos, type, c) -> Duration.ofNanos(nanos.getAsLong()))
          .create();

  private boolean trainMetrics;
  private boolean validMetrics = true;
  private double beta = 0.98;
  private List<Metric> metrics = List.of();

  private final List<Double> losses = new ArrayList<>();
  private final List<Double> lrs = new ArrayList<>();
  private final List<Integer> iters = new ArrayList<>();
  private final List<EpochRow> rows = new ArrayList<>();
  private final Map<String, List<Double>> hps = new LinkedHashMap<>();
  private double smooth;

  private final Columns train = new Columns();
  private final Columns valid = new Columns();
  private int lossesBefore;
  private long started;
  private Duration before = Duration.ZERO;

  /** A recorder of losses, and of metrics on the validation set. */
  public Recorder() {}

  /** What one pass came to. */
  private final class Columns {
    private double lossSum;
    private long items;
    private List<Double> values = List.of();

    void reset() {
      lossSum = 0;
      items = 0;
      values = List.of();
      metrics.forEach(Metric::reset);
    }

    void add(Learner learn, boolean measured) {
      long n = learn.batch().size();
      lossSum += learn.loss() * n;
      items += n;
      if (measured) {
        metrics.forEach(m -> m.accumulate(learn.pred(), learn.batch().y()));
      }
    }

    void close(boolean measured) {
      List<Double> all = new ArrayList<>();
      all.add(items == 0 ? Double.NaN : lossSum / items);
      if (measured) {
        metrics.forEach(m -> all.add(items == 0 ? Double.NaN : m.value()));
      }
      values = all;
    }
  }

  /**
   * Also computes the metrics on the training batches, as the model was at each; returns this. Such
   * a fit cannot be resumed exactly, so {@link Learner#checkpoint} refuses it.
   */
  public Recorder withTrainMetrics() {
    trainMetrics = true;
    return this;
  }

  /** Leaves loss and metrics of the validation set out of the table; returns this. */
  public Recorder withoutValidMetrics() {
    validMetrics = false;
    trainMetrics = true;
    return this;
  }

  /** Smooths the training loss with {@code beta} for 0.98; returns this. */
  public Recorder withBeta(double beta) {
    if (!(beta >= 0 && beta < 1)) {
      throw new IllegalArgumentException(
          "the smoothing of losses takes 0 <= beta < 1, not " + beta);
    }
    this.beta = beta;
    return this;
  }

  void metrics(List<Metric> metrics) {
    this.metrics = List.copyOf(metrics);
  }

  List<Metric> metrics() {
    return metrics;
  }

  /** Whether a part of the table depends on every batch of the epoch. */
  boolean measuresTraining() {
    return trainMetrics && !metrics.isEmpty();
  }

  @Override
  public int order() {
    return 50;
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  /** The smoothed training loss after every batch of the last fit. */
  public List<Double> losses() {
    return Collections.unmodifiableList(losses);
  }

  /** The last group's learning rate at every batch of the last fit. */
  public List<Double> lrs() {
    return Collections.unmodifiableList(lrs);
  }

  /** How many batches had been trained on at the end of each epoch. */
  public List<Integer> iters() {
    return Collections.unmodifiableList(iters);
  }

  /** The scheduled hyper-parameters at every batch of the last fit; empty if none were. */
  public Map<String, List<Double>> hps() {
    return Collections.unmodifiableMap(hps);
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
    List<String> names = new ArrayList<>(List.of("epoch", "train_loss"));
    if (trainMetrics) {
      String prefix = validMetrics ? "train_" : "";
      metrics.forEach(m -> names.add(prefix + m.name()));
    }
    if (validMetrics) {
      String prefix = trainMetrics ? "valid_" : "";
      names.add("valid_loss");
      metrics.forEach(m -> names.add(prefix + m.name()));
    }
    names.add("time");
    return names;
  }

  /**
   * The present value of a column of the table, for a callback that watches one at {@code
   * afterEpoch}.
   *
   * @throws IllegalArgumentException if there is no such column; the message names those there are
   */
  public double monitored(String name) {
    int column = column(name);
    return rows.get(rows.size() - 1).values().get(column);
  }

  /**
   * Makes sure that the table has a column of this name, beside epoch and time.
   *
   * @throws IllegalArgumentException if not; the message names those there are
   */
  public void checkColumn(String name) {
    column(name);
  }

  private int column(String name) {
    List<String> names = metricNames().subList(1, metricNames().size() - 1);
    int column = names.indexOf(name);
    if (column < 0) {
      throw new IllegalArgumentException(
          "there is no '" + name + "' to monitor; there are " + String.join(", ", names));
    }
    return column;
  }

  /** The table of epochs: epoch, the values, and the time in seconds. */
  public DataFrame toDataFrame() {
    List<String> names = metricNames();
    List<Object> cells = new ArrayList<>();
    for (EpochRow row : rows) {
      cells.add(row.epoch());
      cells.addAll(row.values());
      cells.add(row.time().toNanos() / 1e9);
    }
    return DataFrame.foldByRow(names.toArray(String[]::new)).of(cells.toArray());
  }

  /** The table of epochs to look at, with the cells that a fit prints. */
  public StyledTable table() {
    Object[] cells = rows.stream().flatMap(row -> row.cells().stream()).toArray();
    return StyledTable.of(DataFrame.foldByRow(metricNames().toArray(String[]::new)).of(cells))
        .hideIndex();
  }

  /** The smoothed training loss by batch, and the validation loss at the ends of the epochs. */
  public Figure plotLoss() {
    return Curves.losses(this, 5);
  }

  /** As {@link #plotLoss()} without the first {@code skipStart} batches. */
  public Figure plotLoss(int skipStart) {
    return Curves.losses(this, skipStart);
  }

  /** One plot for each scheduled hyper-parameter, by batch. */
  public Figure plotSched() {
    return Curves.schedules(this);
  }

  @Override
  public void beforeFit(Learner learn) {
    losses.clear();
    lrs.clear();
    iters.clear();
    rows.clear();
    hps.clear();
    smooth = 0;
  }

  @Override
  public void beforeEpoch(Learner learn) {
    started = System.nanoTime();
    before = Duration.ZERO;
    lossesBefore = losses.size();
    train.reset();
    valid.reset();
  }

  @Override
  public void beforeValidate(Learner learn) {
    train.close(trainMetrics);
    valid.reset();
  }

  @Override
  public void afterBatch(Learner learn) {
    if (!learn.hasLoss()) {
      return;
    }
    if (!learn.isTraining()) {
      valid.add(learn, validMetrics);
      return;
    }
    smooth = beta * smooth + (1 - beta) * learn.loss();
    losses.add(smooth / (1 - Math.pow(beta, losses.size() + 1)));
    lrs.add(learn.optimizer().lr());
    if (trainMetrics) {
      train.add(learn, true);
    }
  }

  @Override
  public void afterValidate(Learner learn) {
    valid.close(validMetrics);
  }

  @Override
  public void afterEpoch(Learner learn) {
    boolean trained = losses.size() > lossesBefore;
    List<Double> trainValues = new ArrayList<>();
    trainValues.add(trained ? losses.get(losses.size() - 1) : Double.NaN);
    trainValues.addAll(tail(train, trainMetrics));
    List<Double> validValues = new ArrayList<>();
    if (validMetrics) {
      validValues.add(valid.values.isEmpty() ? Double.NaN : valid.values.get(0));
      validValues.addAll(tail(valid, true));
    }
    iters.add(losses.size());
    rows.add(
        new EpochRow(learn.epoch(), trainValues, validValues, trained, valid.items > 0, time()));
  }

  private List<Double> tail(Columns columns, boolean measured) {
    if (!measured) {
      return List.of();
    }
    return columns.values.size() > metrics.size()
        ? columns.values.subList(1, columns.values.size())
        : Collections.nCopies(metrics.size(), Double.NaN);
  }

  private Duration time() {
    return before.plusNanos(System.nanoTime() - started);
  }

  /** What writes down a pass without training, and leaves the history as it is. */
  Evaluation evaluation() {
    return new Evaluation();
  }

  /** Loss and metrics of one pass without training. */
  final class Evaluation implements Callback {
    private final Columns columns = new Columns();

    @Override
    public int order() {
      return Recorder.this.order();
    }

    @Override
    public void beforeValidate(Learner learn) {
      columns.reset();
    }

    @Override
    public void afterBatch(Learner learn) {
      if (learn.hasLoss()) {
        columns.add(learn, true);
      }
    }

    @Override
    public void afterValidate(Learner learn) {
      columns.close(true);
    }

    List<Double> values() {
      return columns.values;
    }
  }

  void clearHypers() {
    hps.clear();
  }

  void hypers(Map<String, Double> now) {
    now.forEach((name, value) -> hps.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
  }

  @Override
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("losses", List.copyOf(losses));
    state.put("lrs", List.copyOf(lrs));
    state.put("iters", List.copyOf(iters));
    state.put("hps", hps);
    state.put("smooth", smooth);
    state.put("lossesBefore", lossesBefore);
    state.put("nanos", time().toNanos());
    state.put("rows", GSON.fromJson(GSON.toJsonTree(rows), List.class));
    return state;
  }

  @Override
  public void loadState(Map<String, Object> state) {
    Saved saved = Saved.of(state);
    losses.clear();
    losses.addAll(saved.losses);
    lrs.clear();
    lrs.addAll(saved.lrs);
    iters.clear();
    iters.addAll(saved.iters);
    hps.clear();
    saved.hps.forEach((name, values) -> hps.put(name, new ArrayList<>(values)));
    smooth = saved.smooth;
    lossesBefore = saved.lossesBefore;
    before = Duration.ofNanos(saved.nanos);
    started = System.nanoTime();
    rows.clear();
    rows.addAll(saved.rows);
  }

  /** The state in its types. */
  private static final class Saved {
    List<Double> losses = List.of();
    List<Double> lrs = List.of();
    List<Integer> iters = List.of();
    Map<String, List<Double>> hps = Map.of();
    double smooth;
    int lossesBefore;
    long nanos;
    List<EpochRow> rows = List.of();

    static Saved of(Map<String, Object> state) {
      return GSON.fromJson(GSON.toJsonTree(state), Saved.class);
    }
  }
}
