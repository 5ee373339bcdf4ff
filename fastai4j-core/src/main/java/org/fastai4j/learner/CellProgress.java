package org.fastai4j.learner;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.fastai4j.plot.Display;

/** The table of epochs as it grows in a notebook's cell, with a bar for the batches below it. */
final class CellProgress implements Callback {
  private static final long REDRAW_NANOS = 200_000_000L;

  private final LongSupplier clock;
  private Consumer<String> cell = html -> {};
  private long phaseBegan;
  private long lastDrawn;

  CellProgress(LongSupplier clock) {
    this.clock = clock;
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
    cell = Display.live(learn.recorder().table().html()).orElse(html -> {});
    lastDrawn = clock.getAsLong();
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
    if (now - lastDrawn >= REDRAW_NANOS) {
      lastDrawn = now;
      draw(learn, ProgressCallback.bar(learn, Duration.ofNanos(now - phaseBegan)));
    }
  }

  @Override
  public void cleanupFit(Learner learn) {
    draw(
        learn, learn.stopReason().map(reason -> "The fit ended early: " + reason + ".").orElse(""));
  }

  private void draw(Learner learn, String below) {
    String text = below.replace("&", "&amp;").replace("<", "&lt;");
    cell.accept(
        learn.recorder().table().html() + (text.isEmpty() ? "" : "<pre>" + text + "</pre>\n"));
  }
}
