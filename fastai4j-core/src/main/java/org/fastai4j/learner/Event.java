package org.fastai4j.learner;

import java.util.function.BiConsumer;

/** A moment of training: fastai's events, and {@link #CLEANUP_FIT}, which is ours. */
public enum Event {
  AFTER_CREATE("afterCreate", Callback::afterCreate),
  BEFORE_FIT("beforeFit", Callback::beforeFit),
  BEFORE_EPOCH("beforeEpoch", Callback::beforeEpoch),
  BEFORE_TRAIN("beforeTrain", Callback::beforeTrain),
  BEFORE_BATCH("beforeBatch", Callback::beforeBatch),
  AFTER_PRED("afterPred", Callback::afterPred),
  AFTER_LOSS("afterLoss", Callback::afterLoss),
  BEFORE_BACKWARD("beforeBackward", Callback::beforeBackward),
  AFTER_CANCEL_BACKWARD("afterCancelBackward", Callback::afterCancelBackward),
  AFTER_BACKWARD("afterBackward", Callback::afterBackward),
  BEFORE_STEP("beforeStep", Callback::beforeStep),
  AFTER_CANCEL_STEP("afterCancelStep", Callback::afterCancelStep),
  AFTER_STEP("afterStep", Callback::afterStep),
  AFTER_CANCEL_BATCH("afterCancelBatch", Callback::afterCancelBatch),
  AFTER_BATCH("afterBatch", Callback::afterBatch),
  AFTER_CANCEL_TRAIN("afterCancelTrain", Callback::afterCancelTrain),
  AFTER_TRAIN("afterTrain", Callback::afterTrain),
  BEFORE_VALIDATE("beforeValidate", Callback::beforeValidate),
  AFTER_CANCEL_VALIDATE("afterCancelValidate", Callback::afterCancelValidate),
  AFTER_VALIDATE("afterValidate", Callback::afterValidate),
  AFTER_CANCEL_EPOCH("afterCancelEpoch", Callback::afterCancelEpoch),
  AFTER_EPOCH("afterEpoch", Callback::afterEpoch),
  AFTER_CANCEL_FIT("afterCancelFit", Callback::afterCancelFit),
  AFTER_FIT("afterFit", Callback::afterFit),
  CLEANUP_FIT("cleanupFit", Callback::cleanupFit);

  private final String method;

  @SuppressWarnings("ImmutableEnumChecker") // method references, which hold nothing
  private final BiConsumer<Callback, Learner> call;

  Event(String method, BiConsumer<Callback, Learner> call) {
    this.method = method;
    this.call = call;
  }

  /** The name of the method of {@link Callback} that is called at this event. */
  public String method() {
    return method;
  }

  /** Whether the callback does something at this event. */
  boolean isHeardBy(Callback callback) {
    return callback instanceof EventCallback lambda
        ? lambda.event() == this
        : overrides(callback, method, Learner.class)
            || overrides(callback, "at", Event.class, Learner.class);
  }

  private static boolean overrides(Callback callback, String method, Class<?>... parameters) {
    try {
      return callback.getClass().getMethod(method, parameters).getDeclaringClass()
          != Callback.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("Callback has lost its method " + method, e);
    }
  }

  /** Calls the callback's method for this event. */
  void call(Callback callback, Learner learn) {
    call.accept(callback, learn);
  }

  /**
   * Tells the callback. What it throws is passed on as it is, with a note among its suppressed
   * exceptions that tells the callback, the event, the epoch and the batch.
   */
  void fire(Callback callback, Learner learn) {
    try {
      callback.at(this, learn);
    } catch (CancelException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      e.addSuppressed(new Note(callback, this, learn));
      throw e;
    }
  }

  /** Where a callback failed; as Python's {@code add_note}. */
  private static final class Note extends RuntimeException {
    private static final long serialVersionUID = 1;

    Note(Callback callback, Event event, Learner learn) {
      super(
          "in %s.%s, epoch %d, batch %d"
              .formatted(
                  callback.getClass().getName(), event.method, learn.epoch(), learn.iteration()),
          null,
          false,
          false);
    }
  }
}
