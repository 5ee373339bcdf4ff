package org.fastai4j.learner;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.fastai4j.data.ProgressBar;
import org.fastai4j.plot.Display;

/**
 * The table of epochs as it grows, and in a terminal a bar for the batches, in fastai's look.
 *
 * <p>Where the stream is no terminal there is no bar and no carriage return: only the table's
 * lines.
 */
public final class ProgressCallback implements Callback {
  private static final long REDRAW_NANOS = 50_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier clock;
  private long phaseBegan;
  private long lastDrawn;
  private int drawn;
  private List<String> header = List.of();

  /** Progress on {@code out}, which is a terminal or not. */
  public ProgressCallback(PrintStream out, boolean terminal) {
    this(out, terminal, System::nanoTime);
  }

  ProgressCallback(PrintStream out, boolean terminal, LongSupplier clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
  }

  /** Progress in the notebook's cell, or else on the standard output. */
  public static Callback standard() {
    return Display.inNotebook()
        ? new CellProgress(System::nanoTime)
        : new ProgressCallback(System.out, ProgressBar.isTerminal(1));
  }

  @Override
  public int order() {
    return 60;
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  @Override
  public void beforeFit(Learner learn) {
    header = learn.recorder().metricNames();
    out.println(EpochRow.line(header, header));
  }

  @Override
  public void beforeTrain(Learner learn) {
    phaseBegan = clock.getAsLong();
  }

  @Override
  public void beforeValidate(Learner learn) {
    phaseBegan = clock.getAsLong();
  }

  @Override
  public void afterBatch(Learner learn) {
    long now = clock.getAsLong();
    if (!terminal || now - lastDrawn < REDRAW_NANOS) {
      return;
    }
    lastDrawn = now;
    String text = bar(learn, Duration.ofNanos(now - phaseBegan));
    out.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
    out.flush();
    drawn = text.length();
  }

  /** How far the pass has come, which began {@code elapsed} ago. */
  static String bar(Learner learn, Duration elapsed) {
    String loss =
        learn.isTraining() ? String.format(Locale.ROOT, "%.4f", learn.smoothLoss()) : "valid";
    return "Epoch "
        + (learn.epoch() + 1)
        + "/"
        + learn.epochs()
        + " :"
        + ProgressBar.render(learn.iteration() + 1, learn.iterations(), elapsed, loss);
  }

  @Override
  public void afterEpoch(Learner learn) {
    wipe();
    List<EpochRow> rows = learn.recorder().rows();
    out.println(EpochRow.line(rows.get(rows.size() - 1).cells(), header));
  }

  @Override
  public void said(String text) {
    wipe();
    out.println(text);
  }

  @Override
  public void cleanupFit(Learner learn) {
    wipe();
    learn.stopReason().ifPresent(reason -> out.println("The fit ended early: " + reason + "."));
  }

  private void wipe() {
    if (drawn > 0) {
      out.print("\r" + " ".repeat(drawn) + "\r");
      out.flush();
      drawn = 0;
    }
  }
}
