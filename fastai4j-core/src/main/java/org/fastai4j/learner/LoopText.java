package org.fastai4j.learner;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The levels of a fit and their events, two spaces a level, in fastai's look. */
final class LoopText {
  private final List<Callback> callbacks;
  private final StringBuilder text = new StringBuilder();
  private int depth;

  private LoopText(List<Callback> callbacks) {
    this.callbacks = callbacks;
  }

  static String of(List<Callback> callbacks) {
    LoopText t = new LoopText(callbacks.stream().filter(c -> c.joins(Run.FIT)).toList());
    t.level("Fit", Event.BEFORE_FIT, t::epochs, Event.AFTER_CANCEL_FIT, Event.AFTER_FIT);
    t.event(Event.CLEANUP_FIT);
    return t.text.toString();
  }

  private void epochs() {
    level(
        "Epoch Loop",
        Event.BEFORE_EPOCH,
        () -> {
          level(
              "Train",
              Event.BEFORE_TRAIN,
              () -> batches(this::batch),
              Event.AFTER_CANCEL_TRAIN,
              Event.AFTER_TRAIN);
          level(
              "Valid",
              Event.BEFORE_VALIDATE,
              () -> batches(() -> line(" - as in training, up to afterLoss, and afterBatch")),
              Event.AFTER_CANCEL_VALIDATE,
              Event.AFTER_VALIDATE);
        },
        Event.AFTER_CANCEL_EPOCH,
        Event.AFTER_EPOCH);
  }

  private void batches(Runnable body) {
    line("Start Batch Loop");
    depth++;
    body.run();
    depth--;
    line("End Batch Loop");
  }

  /** The events of a training batch, which stand beside each other in the order they come. */
  private void batch() {
    EnumSet.range(Event.BEFORE_BATCH, Event.AFTER_BATCH).forEach(this::event);
  }

  private void level(String name, Event before, Runnable body, Event afterCancel, Event after) {
    line("Start " + name);
    depth++;
    event(before);
    body.run();
    depth--;
    line("End " + name);
    event(afterCancel);
    event(after);
  }

  private void event(Event event) {
    line(
        callbacks.stream()
            .filter(event::isHeardBy)
            .map(c -> c.getClass().getSimpleName())
            .collect(
                Collectors.joining(
                    ", ", String.format(Locale.ROOT, " - %-15s: [", event.method()), "]")));
  }

  private void line(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }
}
