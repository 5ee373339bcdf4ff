package org.fastai4j.callback;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fastai4j.io.EventFile;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.EpochRow;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;

/**
 * Writes files that TensorBoard draws curves from; fastai's {@code TensorBoardCallback}: for every
 * batch {@code train_loss} (smoothed), {@code raw_loss} and {@code lr}, for every epoch the other
 * columns of the table.
 *
 * <p>Each fit begins a file of its own in the folder; the steps, batches trained on, count on. A
 * resumed fit replaces what the one before it wrote after the checkpoint; a training that begins
 * anew in the same folder, all of it: give each a folder of its own below the {@code --logdir}.
 */
public final class TensorBoard implements Callback {
  private static final long FLUSH_NANOS = 1_000_000_000L;

  private final Path folder;
  private Optional<EventFile> events = Optional.empty();
  private long step;
  private double raw = Double.NaN;
  private long flushed;

  /** Writes to {@code folder}, TensorBoard's {@code --logdir} or, for one run of many, below it. */
  public TensorBoard(Path folder) {
    this.folder = folder;
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
    if (!learn.isTraining() || !learn.hasLoss()) {
      return;
    }
    step++;
    raw = learn.loss();
    batch(learn);
    if (System.nanoTime() - flushed > FLUSH_NANOS) {
      flush();
    }
  }

  private void batch(Learner learn) {
    EventFile to = from(step);
    to.scalar("train_loss", learn.smoothLoss(), step);
    to.scalar("raw_loss", raw, step);
    to.scalar("lr", learn.optimizer().lr(), step);
  }

  /** The file; not begun before a checkpoint has said which step comes first. */
  private EventFile from(long first) {
    EventFile to = events.orElseGet(() -> EventFile.in(folder, first));
    events = Optional.of(to);
    return to;
  }

  @Override
  public void beforeValidate(Learner learn) {
    flush();
  }

  @Override
  public void afterEpoch(Learner learn) {
    List<EpochRow> rows = learn.recorder().rows();
    EpochRow row = rows.get(rows.size() - 1);
    if (events.isEmpty() && row.trained()) {
      batch(learn); // resumed after this batch; the epoch's values at its step are to count anew
    }
    List<Double> values = row.values();
    List<String> names = learn.recorder().metricNames();
    for (int i = 1; i < values.size(); i++) { // the first is train_loss, which is there already
      if (i < row.train().size() ? row.trained() : row.validated()) {
        from(step + 1).scalar(names.get(i + 1), values.get(i), step);
      }
    }
    flush();
  }

  private void flush() {
    events.ifPresent(EventFile::flush);
    flushed = System.nanoTime();
  }

  @Override
  public void cleanupFit(Learner learn) {
    events.ifPresent(EventFile::close);
    events = Optional.empty();
  }

  @Override
  public Map<String, Object> state() {
    return Map.of("step", step, "raw_loss", raw);
  }

  @Override
  public void loadState(Map<String, Object> state) {
    step = ((Number) state.getOrDefault("step", step)).longValue();
    raw = Double.parseDouble(state.getOrDefault("raw_loss", raw).toString()); // NaN comes as text
  }
}
