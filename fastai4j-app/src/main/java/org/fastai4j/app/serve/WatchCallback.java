package org.fastai4j.app.serve;

import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fastai4j.io.Png;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.EpochRow;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * The callback behind the page that shows a fit: at any moment the whole state of the fit, for
 * those who come late as for those who are there.
 *
 * <p>Curves are thinned to at most {@value #POINTS} points, so that the state stays small however
 * long the fit is.
 */
final class WatchCallback implements Callback {
  static final int POINTS = 800;
  private static final int IMAGES = 24;
  private static final int COLUMNS = 8;
  private static final int GAP = 1;
  private static final Gson GSON = new Gson();

  private final State state = new State();
  private Optional<Learner> learner = Optional.empty();
  private byte[] images = new byte[0];
  private int stride = 1;
  private long began;
  private long version;

  /** What the page shows; its fields are those of the JSON. */
  @SuppressWarnings("UnusedVariable") // Gson reads them
  private static final class State {
    String phase = "waiting";
    String reason = "";
    int epoch;
    int epochs;
    int batch;
    int batches;
    double done;
    double seconds;
    double left;
    int pictures;
    List<String> names = List.of();
    final List<Integer> at = new ArrayList<>();
    final List<Double> losses = new ArrayList<>();
    final List<Double> lrs = new ArrayList<>();
    final List<Integer> ends = new ArrayList<>();
    final List<List<String>> rows = new ArrayList<>();
  }

  @Override
  public int order() {
    return 70; // after the recorder
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  /** The state as JSON on one line. */
  synchronized String json() {
    return GSON.toJson(state);
  }

  /** Grows with every change. */
  synchronized long version() {
    return version;
  }

  /** Waits until the version is another than {@code seen}, or for some seconds. */
  synchronized long await(long seen, long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (version == seen && System.nanoTime() < end) {
      wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    }
    return version;
  }

  /** A PNG of some inputs; empty before the first batch. */
  synchronized byte[] images() {
    return images;
  }

  /** Ends the fit after the batch that it is in. */
  synchronized void stop() {
    if (learner.isPresent()) {
      learner.get().stop();
      state.phase = "stopping";
      changed();
    }
  }

  @Override
  public synchronized void beforeFit(Learner learn) {
    learner = Optional.of(learn);
    began = System.nanoTime();
    stride = 1;
    state.at.clear();
    state.losses.clear();
    state.lrs.clear();
    state.ends.clear();
    state.rows.clear();
    state.phase = "training";
    state.reason = "";
    state.epochs = learn.epochs();
    state.names = learn.recorder().metricNames();
    changed();
  }

  @Override
  public void afterBatch(Learner learn) {
    if (learn.iteration() == 0 && learn.isTraining()) {
      byte[] png = Scope.compute(() -> picture(learn.batch().x()));
      synchronized (this) {
        images = png;
        state.pictures++;
      }
    }
    synchronized (this) {
      if (!state.phase.equals("stopping")) {
        state.phase = learn.isTraining() ? "training" : "validating";
      }
      state.epoch = learn.epoch();
      state.batch = learn.iteration() + 1;
      state.batches = learn.iterations();
      state.done = learn.pctTrain();
      state.seconds = (System.nanoTime() - began) / 1e9;
      state.left = state.done > 0 ? state.seconds * (1 - state.done) / state.done : 0;
      List<Double> losses = learn.recorder().losses();
      int n = losses.size();
      boolean told = n > 0 && n % stride == 0 && Double.isFinite(losses.get(n - 1));
      if (learn.isTraining() && told) { // JSON has no infinity
        state.at.add(n);
        state.losses.add(losses.get(n - 1));
        state.lrs.add(learn.recorder().lrs().get(n - 1));
        if (state.at.size() > POINTS) {
          stride *= 2;
          thin();
        }
      }
      changed();
    }
  }

  /** Keeps every second point. */
  private void thin() {
    for (List<?> curve : List.of(state.at, state.losses, state.lrs)) {
      for (int i = curve.size() - 1; i >= 0; i--) {
        if (i % 2 == 0) {
          curve.remove(i);
        }
      }
    }
  }

  @Override
  public synchronized void afterEpoch(Learner learn) {
    List<EpochRow> rows = learn.recorder().rows();
    state.ends.clear();
    state.ends.addAll(learn.recorder().iters());
    state.rows.clear();
    rows.forEach(row -> state.rows.add(row.cells()));
    changed();
  }

  @Override
  public synchronized void cleanupFit(Learner learn) {
    state.phase = "done";
    state.reason = learn.stopReason().orElse("");
    state.left = 0;
    changed();
  }

  private void changed() {
    version++;
    notifyAll();
  }

  /** The first images of a batch side by side; empty if it has none. */
  private static byte[] picture(Tensor batch) {
    Tensor x = batch.to(Device.CPU).toFloat();
    long[] shape = x.shape().toArray();
    if (shape.length == 2 && shape[1] == 28 * 28) {
      x = x.view(-1, 1, 28, 28);
    } else if (shape.length == 3) {
      x = x.unsqueeze(1);
    } else if (shape.length != 4 || (shape[1] != 1 && shape[1] != 3)) {
      return new byte[0];
    }
    int n = (int) Math.min(IMAGES, x.size(0));
    int c = (int) x.size(1);
    int h = (int) x.size(2);
    int w = (int) x.size(3);
    float[] values = x.narrow(0, 0, n).permute(0, 2, 3, 1).contiguous().toFloatArray();
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    float scale = 255 / Math.max(1e-6f, most - least);
    int columns = Math.min(COLUMNS, n);
    int rows = (n + columns - 1) / columns;
    int width = columns * (w + GAP) - GAP;
    int height = rows * (h + GAP) - GAP;
    byte[] pixels = new byte[height * width * c];
    for (int i = 0; i < values.length; i++) {
      int image = i / (h * w * c);
      int row = image / columns * (h + GAP) + i / (w * c) % h;
      int column = image % columns * (w + GAP) + i / c % w;
      pixels[(row * width + column) * c + i % c] = (byte) ((values[i] - least) * scale);
    }
    return Png.encode(width, height, c, pixels);
  }
}
