package org.fastai4j.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fastai4j.io.WholeFile;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.EpochRow;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Recorder;
import org.fastai4j.learner.Run;
import org.fastai4j.plot.Axes;
import org.fastai4j.plot.Figure;
import org.fastai4j.plot.TerminalImage;

/**
 * Draws training and validation loss by batch while they come, twice a second at most; fastai's
 * {@code ShowGraphCallback}.
 */
public final class ShowGraph implements Callback {
  private static final long REDRAW_NANOS = 500_000_000L;

  private final Screen screen;
  private final LongSupplier clock;
  private long lastDrawn;
  private int batches;

  /** Where the picture goes. */
  private interface Screen {
    void show(Learner learn, int batches, boolean done);

    /** Called before others may write below the picture. */
    default void clear() {}
  }

  private ShowGraph(Screen screen, LongSupplier clock) {
    this.screen = screen;
    this.clock = clock;
  }

  /**
   * Draws to a file that is always whole: a {@code .png} or {@code .svg}, or a {@code .html} page
   * that loads itself anew every second until the fit has ended.
   */
  public static ShowGraph file(Path file) {
    return file(file, System::nanoTime);
  }

  static ShowGraph file(Path file, LongSupplier clock) {
    boolean page = file.toString().toLowerCase(Locale.ROOT).endsWith(".html");
    return new ShowGraph(
        (learn, batches, done) -> {
          Figure figure = Figure.subplots();
          draw(figure.axes(), learn.recorder(), batches)
              .title("learning curve")
              .xlabel("steps")
              .ylabel("loss")
              .legend();
          if (page) {
            WholeFile.write(file, page(figure, done).getBytes(UTF_8));
          } else {
            figure.save(file);
          }
        },
        clock);
  }

  /** Draws in a terminal, below the table of epochs; {@code System.out} if that is one. */
  public static ShowGraph terminal(PrintStream out) {
    return terminal(out, System::nanoTime);
  }

  static ShowGraph terminal(PrintStream out, LongSupplier clock) {
    return new ShowGraph(new Terminal(out), clock);
  }

  @Override
  public int order() {
    return 65;
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  @Override
  public void beforeTrain(Learner learn) {
    batches = learn.iterations() * learn.epochs();
  }

  @Override
  public void afterBatch(Learner learn) {
    if (learn.isTraining() && clock.getAsLong() - lastDrawn >= REDRAW_NANOS) {
      show(learn, false);
    }
  }

  @Override
  public void afterValidate(Learner learn) {
    screen.clear(); // the next row of the table comes before the picture
  }

  @Override
  public void afterEpoch(Learner learn) {
    show(learn, learn.epoch() + 1 == learn.epochs());
  }

  @Override
  public void afterFit(Learner learn) {
    if (learn.stopReason().isPresent()) {
      show(learn, true);
    }
  }

  private void show(Learner learn, boolean done) {
    if (learn.recorder().losses().size() > 1) {
      screen.show(learn, batches, done);
      lastDrawn = clock.getAsLong();
    }
  }

  private static Axes draw(Axes axes, Recorder recorder, int batches) {
    List<Double> losses = recorder.losses();
    axes.plot(range(losses.size()), array(losses), "C0", "train");
    List<EpochRow> rows = recorder.rows().stream().filter(EpochRow::validated).toList();
    if (!rows.isEmpty()) {
      double[] x =
          IntStream.range(0, recorder.rows().size())
              .filter(i -> recorder.rows().get(i).validated())
              .mapToDouble(recorder.iters()::get)
              .toArray();
      axes.plot(x, rows.stream().mapToDouble(r -> r.valid().get(0)).toArray(), "C1", "valid");
    }
    return axes.xlim(0, batches).ylim(0, top(recorder));
  }

  private static double top(Recorder recorder) {
    double max =
        Stream.concat(
                recorder.losses().stream(),
                recorder.rows().stream().flatMap(r -> r.valid().stream().limit(1)))
            .filter(Double::isFinite)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(1);
    return max > 0 ? max : 1;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double[] range(int n) {
    return IntStream.range(0, n).asDoubleStream().toArray();
  }

  private static String page(Figure figure, boolean done) {
    return "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>learning curve</title>\n"
        + (done ? "" : "<meta http-equiv=\"refresh\" content=\"1\">\n")
        + figure.html()
        + "\n";
  }

  /** The lines alone, in half blocks, and their last values below. */
  private static final class Terminal implements Screen {
    private static final int COLUMNS = 80;

    private final PrintStream out;
    private int lines;

    Terminal(PrintStream out) {
      this.out = out;
    }

    @Override
    public void show(Learner learn, int batches, boolean done) {
      clear();
      Figure figure = Figure.subplots(1, 1, 0.8, 0.5);
      Recorder recorder = learn.recorder();
      draw(figure.axes(), recorder, batches).axisOff();
      String picture = TerminalImage.of(figure.image()).ansi(COLUMNS);
      String valid =
          recorder.rows().stream()
              .filter(EpochRow::validated)
              .reduce((first, second) -> second)
              .map(r -> String.format(Locale.ROOT, ", valid (orange) %.4f", r.valid().get(0)))
              .orElse("");
      String text =
          picture
              + String.format(
                  Locale.ROOT,
                  "train (blue) %.4f%s; 0 to %.4f by %d batches%n",
                  learn.smoothLoss(),
                  valid,
                  top(recorder),
                  batches);
      out.print(text);
      out.flush();
      lines = done ? 0 : (int) text.lines().count();
    }

    @Override
    public void clear() {
      if (lines > 0) {
        out.print("\r\u001b[" + lines + "A\u001b[J"); // up, and all below is gone
        out.flush();
        lines = 0;
      }
    }
  }
}
