package org.fastai4j.learner;

import java.util.function.BiConsumer;

/**
 * A moment of training.
 *
 * @param method the name of the method of {@link Callback} that is called at it
 * @param call calls that method
 */
record Event(String method, BiConsumer<Callback, Learner> call) {
  static final Event BEFORE_FIT = new Event("beforeFit", Callback::beforeFit);
  static final Event BEFORE_EPOCH = new Event("beforeEpoch", Callback::beforeEpoch);
  static final Event BEFORE_TRAIN = new Event("beforeTrain", Callback::beforeTrain);
  static final Event BEFORE_BATCH = new Event("beforeBatch", Callback::beforeBatch);
  static final Event AFTER_PRED = new Event("afterPred", Callback::afterPred);
  static final Event AFTER_LOSS = new Event("afterLoss", Callback::afterLoss);
  static final Event BEFORE_BACKWARD = new Event("beforeBackward", Callback::beforeBackward);
  static final Event AFTER_CANCEL_BACKWARD =
      new Event("afterCancelBackward", Callback::afterCancelBackward);
  static final Event AFTER_BACKWARD = new Event("afterBackward", Callback::afterBackward);
  static final Event BEFORE_STEP = new Event("beforeStep", Callback::beforeStep);
  static final Event AFTER_CANCEL_STEP = new Event("afterCancelStep", Callback::afterCancelStep);
  static final Event AFTER_STEP = new Event("afterStep", Callback::afterStep);
  static final Event AFTER_CANCEL_BATCH = new Event("afterCancelBatch", Callback::afterCancelBatch);
  static final Event AFTER_BATCH = new Event("afterBatch", Callback::afterBatch);
  static final Event AFTER_CANCEL_TRAIN = new Event("afterCancelTrain", Callback::afterCancelTrain);
  static final Event AFTER_TRAIN = new Event("afterTrain", Callback::afterTrain);
  static final Event BEFORE_VALIDATE = new Event("beforeValidate", Callback::beforeValidate);
  static final Event AFTER_CANCEL_VALIDATE =
      new Event("afterCancelValidate", Callback::afterCancelValidate);
  static final Event AFTER_VALIDATE = new Event("afterValidate", Callback::afterValidate);
  static final Event AFTER_CANCEL_EPOCH = new Event("afterCancelEpoch", Callback::afterCancelEpoch);
  static final Event AFTER_EPOCH = new Event("afterEpoch", Callback::afterEpoch);
  static final Event AFTER_CANCEL_FIT = new Event("afterCancelFit", Callback::afterCancelFit);
  static final Event AFTER_FIT = new Event("afterFit", Callback::afterFit);
  static final Event CLEANUP_FIT = new Event("cleanupFit", Callback::cleanupFit);

  /**
   * Calls the callback. What it throws is passed on as it is, with a note among its suppressed
   * exceptions that tells the callback, the event, the epoch and the batch.
   */
  void fire(Callback callback, Learner learn) {
    try {
      call.accept(callback, learn);
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
