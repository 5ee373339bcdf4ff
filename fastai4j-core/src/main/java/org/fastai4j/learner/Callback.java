package org.fastai4j.learner;

import java.util.Map;
import java.util.function.Consumer;
import org.fastai4j.nn.Layer;
import org.fastai4j.tensor.Tensor;

/**
 * Something that happens during training: a class with a method for each event it cares about, or a
 * lambda on one event.
 *
 * <pre>{@code
 * Callback printLoss = Callback.on(Event.AFTER_BATCH, learn -> System.out.println(learn.loss()));
 * }</pre>
 *
 * <p>The events of one epoch, in order, are fastai's: {@code beforeFit, beforeEpoch, beforeTrain,
 * [beforeBatch, afterPred, afterLoss, beforeBackward, afterBackward, beforeStep, afterStep,
 * afterBatch] for each batch, afterTrain, beforeValidate, [beforeBatch, afterPred, afterLoss,
 * afterBatch] for each batch, afterValidate, afterEpoch, afterFit}. {@code Learner.validate} and
 * {@code getPreds} pass the same events, without the training ones; {@link #joins} tells whether
 * the callback sees them. Throwing one of the {@link CancelException}s skips the rest of a level;
 * its {@code after} event still comes. Any other exception skips all that is left and reaches the
 * caller of {@code fit} as it is, with a suppressed note that tells callback, event, epoch and
 * batch. {@link #cleanupFit} is ours: it comes last whatever was thrown.
 */
public interface Callback {
  /** A callback that runs {@code body} at one event. */
  static Callback on(Event event, Consumer<Learner> body) {
    return new EventCallback(event, body);
  }

  /** Callbacks run from the lowest number to the highest; ties in the order they were added. */
  default int order() {
    return 0;
  }

  /** Whether the callback takes part in a run of this kind; in all unless it says otherwise. */
  default boolean joins(Run run) {
    return true;
  }

  /**
   * What the callback has to remember between batches, for a checkpoint: numbers, texts, lists and
   * maps of them. Empty unless it counts or compares something. An infinite number or NaN comes
   * back as its text.
   */
  default Map<String, Object> state() {
    return Map.of();
  }

  /** Takes over what {@link #state} returned when the checkpoint was written. */
  default void loadState(Map<String, Object> state) {}

  /**
   * The model's output for the inputs of a batch, which {@code model} gives: for surroundings such
   * as another precision. The callback of the lowest order is the outermost.
   */
  default Tensor forward(Layer model, Tensor x) {
    return model.call(x);
  }

  /** Called when another callback has something to say; see {@code Learner.say}. */
  default void said(String text) {}

  /**
   * Called at every event; calls the event's own method, unless the callback does the same at all
   * of them.
   */
  default void at(Event event, Learner learn) {
    event.call(this, learn);
  }

  default void afterCreate(Learner learn) {}

  default void beforeFit(Learner learn) {}

  default void beforeEpoch(Learner learn) {}

  default void beforeTrain(Learner learn) {}

  default void beforeBatch(Learner learn) {}

  default void afterPred(Learner learn) {}

  default void afterLoss(Learner learn) {}

  default void beforeBackward(Learner learn) {}

  default void afterCancelBackward(Learner learn) {}

  default void afterBackward(Learner learn) {}

  default void beforeStep(Learner learn) {}

  default void afterCancelStep(Learner learn) {}

  default void afterStep(Learner learn) {}

  default void afterCancelBatch(Learner learn) {}

  default void afterBatch(Learner learn) {}

  default void afterCancelTrain(Learner learn) {}

  default void afterTrain(Learner learn) {}

  default void beforeValidate(Learner learn) {}

  default void afterCancelValidate(Learner learn) {}

  default void afterValidate(Learner learn) {}

  default void afterCancelEpoch(Learner learn) {}

  default void afterEpoch(Learner learn) {}

  default void afterCancelFit(Learner learn) {}

  default void afterFit(Learner learn) {}

  /** Called at the very end of a fit, whatever was thrown; for putting back what was changed. */
  default void cleanupFit(Learner learn) {}
}
