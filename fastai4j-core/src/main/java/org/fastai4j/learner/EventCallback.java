package org.fastai4j.learner;

import java.util.function.Consumer;

/** A callback that does one thing at one event, and nothing at the others. */
record EventCallback(Event event, Consumer<Learner> body) implements Callback {
  private void at(Event now, Learner learn) {
    if (now == event) {
      body.accept(learn);
    }
  }

  @Override
  public void afterCreate(Learner learn) {
    at(Event.AFTER_CREATE, learn);
  }

  @Override
  public void beforeFit(Learner learn) {
    at(Event.BEFORE_FIT, learn);
  }

  @Override
  public void beforeEpoch(Learner learn) {
    at(Event.BEFORE_EPOCH, learn);
  }

  @Override
  public void beforeTrain(Learner learn) {
    at(Event.BEFORE_TRAIN, learn);
  }

  @Override
  public void beforeBatch(Learner learn) {
    at(Event.BEFORE_BATCH, learn);
  }

  @Override
  public void afterPred(Learner learn) {
    at(Event.AFTER_PRED, learn);
  }

  @Override
  public void afterLoss(Learner learn) {
    at(Event.AFTER_LOSS, learn);
  }

  @Override
  public void beforeBackward(Learner learn) {
    at(Event.BEFORE_BACKWARD, learn);
  }

  @Override
  public void afterCancelBackward(Learner learn) {
    at(Event.AFTER_CANCEL_BACKWARD, learn);
  }

  @Override
  public void afterBackward(Learner learn) {
    at(Event.AFTER_BACKWARD, learn);
  }

  @Override
  public void beforeStep(Learner learn) {
    at(Event.BEFORE_STEP, learn);
  }

  @Override
  public void afterCancelStep(Learner learn) {
    at(Event.AFTER_CANCEL_STEP, learn);
  }

  @Override
  public void afterStep(Learner learn) {
    at(Event.AFTER_STEP, learn);
  }

  @Override
  public void afterCancelBatch(Learner learn) {
    at(Event.AFTER_CANCEL_BATCH, learn);
  }

  @Override
  public void afterBatch(Learner learn) {
    at(Event.AFTER_BATCH, learn);
  }

  @Override
  public void afterCancelTrain(Learner learn) {
    at(Event.AFTER_CANCEL_TRAIN, learn);
  }

  @Override
  public void afterTrain(Learner learn) {
    at(Event.AFTER_TRAIN, learn);
  }

  @Override
  public void beforeValidate(Learner learn) {
    at(Event.BEFORE_VALIDATE, learn);
  }

  @Override
  public void afterCancelValidate(Learner learn) {
    at(Event.AFTER_CANCEL_VALIDATE, learn);
  }

  @Override
  public void afterValidate(Learner learn) {
    at(Event.AFTER_VALIDATE, learn);
  }

  @Override
  public void afterCancelEpoch(Learner learn) {
    at(Event.AFTER_CANCEL_EPOCH, learn);
  }

  @Override
  public void afterEpoch(Learner learn) {
    at(Event.AFTER_EPOCH, learn);
  }

  @Override
  public void afterCancelFit(Learner learn) {
    at(Event.AFTER_CANCEL_FIT, learn);
  }

  @Override
  public void afterFit(Learner learn) {
    at(Event.AFTER_FIT, learn);
  }

  @Override
  public void cleanupFit(Learner learn) {
    at(Event.CLEANUP_FIT, learn);
  }
}
