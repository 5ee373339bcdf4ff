package org.fastai4j.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fastai4j.nn.Linear;
import org.fastai4j.optim.SGD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of events and what cancelling skips, as fastai's. */
class LearnerEventsTest {
  private static final String BATCH =
      "beforeBatch afterPred afterLoss beforeBackward afterBackward beforeStep afterStep afterBatch"
          + " ";
  private static final String VALID_BATCH = "beforeBatch afterPred afterLoss afterBatch ";
  private static final String VALIDATION =
      "beforeValidate " + VALID_BATCH + VALID_BATCH + "afterValidate ";
  private static final String END = "afterEpoch afterFit cleanupFit";

  /** A log that throws at the {@code nth} time of an event. */
  private static class Cancelling extends Fits.Log {
    private final String event;
    private final Supplier<RuntimeException> exception;
    private int left;

    Cancelling(String event, int nth, Supplier<RuntimeException> exception) {
      this.event = event;
      this.exception = exception;
      left = nth;
    }

    @Override
    void at(String event, Learner learn) {
      super.at(event, learn);
      if (event.equals(this.event) && --left == 0) {
        throw exception.get();
      }
    }

    String joined() {
      return String.join(" ", events);
    }
  }

  private static Learner fit(Fits.Log log) {
    Learner learn = Fits.line().optimizer(SGD::new).callback(log).build();
    learn.fit(1, 0.01);
    return learn;
  }

  @Test
  void tellsALambdaOfItsEventAlone() {
    for (Event event : Event.values()) {
      List<Event> told = new ArrayList<>();
      Callback lambda = Callback.on(event, learn -> told.add(event));
      Learner learn = Fits.line().build();
      for (Event each : Event.values()) {
        lambda.at(each, learn);
      }
      assertThat(told).containsExactly(event);
    }
  }

  @Test
  void firesTheEventsOfAnEpochInFastaisOrder() {
    Fits.Log log = new Fits.Log();
    fit(log);
    assertThat(String.join(" ", log.events))
        .isEqualTo(
            "beforeFit beforeEpoch beforeTrain "
                + BATCH
                + BATCH
                + "afterTrain "
                + VALIDATION
                + END);
    assertThat(log.events).hasSize(32 + 1); // fastai's 33 less after_create, and cleanupFit
  }

  @Test
  void cancellingABatchAfterThePredictionSkipsItsLossAndRecordsNone() {
    Cancelling log = new Cancelling("afterPred", 1, CancelException.Batch::new);
    Learner learn = fit(log);
    assertThat(log.joined())
        .isEqualTo(
            "beforeFit beforeEpoch beforeTrain beforeBatch afterPred afterCancelBatch afterBatch "
                + BATCH
                + "afterTrain "
                + VALIDATION
                + END);
    // Weight 0 on (3, 6), (4, 8): the mean square is 50. fastai would have a 0 before it.
    assertThat(learn.recorder().losses()).hasSize(1);
    assertThat(learn.recorder().losses().get(0)).isCloseTo(50, within(1e-4));
  }

  @Test
  void cancellingABatchBeforeTheStepLetsGradientsAccumulate() {
    List<Double> gradients = new ArrayList<>();
    Cancelling log =
        new Cancelling("beforeStep", 1, CancelException.Batch::new) {
          @Override
          void at(String event, Learner learn) {
            super.at(event, learn);
            if (event.equals("afterBackward")) {
              gradients.add(learn.model().parameters().get(0).grad().item());
            }
          }
        };
    Learner learn = fit(log);
    assertThat(log.joined())
        .contains(
            "beforeBackward afterBackward beforeStep afterCancelBatch afterBatch beforeBatch");
    // d/dw mean((wx - y)²) at 0 is -mean(2xy): -10 for (1, 2), (2, 4), -50 for (3, 6), (4, 8).
    assertThat(gradients).containsExactly(-10.0, -60.0);
    assertThat(weight(learn)).isCloseTo(0.6, within(1e-6));
  }

  @Test
  void cancellingTheBackwardPassStillSteps() {
    Cancelling log = new Cancelling("beforeBackward", 1, CancelException.Backward::new);
    Learner learn = fit(log);
    assertThat(log.joined())
        .startsWith(
            "beforeFit beforeEpoch beforeTrain beforeBatch afterPred afterLoss beforeBackward"
                + " afterCancelBackward afterBackward beforeStep afterStep afterBatch beforeBatch");
    assertThat(weight(learn)).isCloseTo(0.5, within(1e-6)); // the second batch's step alone
  }

  @Test
  void cancellingTheStepLosesTheGradient() {
    Cancelling log = new Cancelling("beforeStep", 1, CancelException.Step::new);
    Learner learn = fit(log);
    assertThat(log.joined())
        .contains("afterBackward beforeStep afterCancelStep afterStep afterBatch beforeBatch");
    assertThat(weight(learn)).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void cancellingTheTrainingGoesOnWithTheValidation() {
    Cancelling log = new Cancelling("afterBatch", 1, CancelException.Train::new);
    Learner learn = fit(log);
    assertThat(log.joined())
        .isEqualTo(
            "beforeFit beforeEpoch beforeTrain "
                + BATCH
                + "afterCancelTrain afterTrain "
                + VALIDATION
                + END);
    assertThat(learn.recorder().rows()).hasSize(1);
    assertThat(learn.recorder().rows().get(0).cells().get(1))
        .isEmpty(); // before the recorder's turn
    assertThat(learn.recorder().rows().get(0).cells().get(2)).isNotEmpty();
  }

  @Test
  void keepsTheTrainLossOfATrainingThatWasCancelledLater() {
    Learner learn = fit(new Cancelling("beforeBatch", 2, CancelException.Train::new));
    assertThat(learn.recorder().itemgot(0).get(0)).isCloseTo(10, within(1e-4)); // mean of 4, 16
    assertThat(learn.recorder().iters()).containsExactly(1);
  }

  @Test
  void cancellingTheValidationLeavesItsCellsEmpty() {
    Cancelling log = new Cancelling("beforeValidate", 1, CancelException.Validate::new);
    Learner learn = fit(log);
    assertThat(log.joined())
        .endsWith("afterTrain beforeValidate afterCancelValidate afterValidate " + END);
    EpochRow row = learn.recorder().rows().get(0);
    assertThat(row.values().get(1)).isNaN();
    assertThat(row.cells().get(1)).isNotEmpty();
    assertThat(row.cells().get(2)).isEmpty();
  }

  @Test
  void cancellingTheEpochSkipsTheAfterEventsWithinIt() {
    Cancelling log = new Cancelling("afterLoss", 1, CancelException.Epoch::new);
    Learner learn = fit(log);
    assertThat(log.joined())
        .isEqualTo(
            "beforeFit beforeEpoch beforeTrain beforeBatch afterPred afterLoss afterCancelEpoch "
                + END);
    assertThat(learn.recorder().rows()).hasSize(1);
    assertThat(learn.recorder().rows().get(0).cells().subList(1, 3)).containsExactly("", "");
  }

  @Test
  void cancellingTheFitGivesTheEpochNoRowAndKeepsItsLosses() {
    Cancelling log = new Cancelling("beforeBatch", 2, CancelException.Fit::new);
    Learner learn = fit(log);
    assertThat(log.joined())
        .isEqualTo(
            "beforeFit beforeEpoch beforeTrain "
                + BATCH
                + "beforeBatch afterCancelFit afterFit cleanupFit");
    assertThat(learn.recorder().rows()).isEmpty();
    assertThat(learn.recorder().losses()).hasSize(1);
    assertThat(learn.model().isTraining()).isFalse();
  }

  @Test
  void cancellingTheFitAfterAnEpochBeforeTheRecorderLosesItsRow() {
    assertThat(fit(new Cancelling("afterEpoch", 1, CancelException.Fit::new)).recorder().rows())
        .isEmpty();
  }

  @Test
  void explainsACancellationOutsideOfWhatItCancels() {
    assertThatThrownBy(() -> fit(new Cancelling("afterEpoch", 1, CancelException.Batch::new)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CancelException.Batch");
  }

  @Test
  void passesAnExceptionOnWithWhereItWasThrown() {
    RuntimeException failure = new UnsupportedOperationException("not today");
    Cancelling log = new Cancelling("afterLoss", 2, () -> failure);
    assertThatThrownBy(() -> fit(log)).isSameAs(failure);
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0])
        .hasMessage("in " + Cancelling.class.getName() + ".afterLoss, epoch 0, batch 1");
    assertThat(log.joined()).endsWith("afterPred afterLoss cleanupFit"); // no after events
  }

  @Test
  void cleansUpEveryCallbackEvenIfOneFails() {
    RuntimeException failure = new IllegalStateException("in training");
    RuntimeException second = new IllegalStateException("in clean-up");
    Fits.Log last = new Fits.Log();
    Learner learn =
        Fits.line()
            .callback(new Cancelling("afterPred", 1, () -> failure))
            .callback(new Cancelling("cleanupFit", 1, () -> second))
            .callback(last)
            .build();
    assertThatThrownBy(() -> learn.fit(1)).isSameAs(failure);
    assertThat(failure.getSuppressed()).contains(second);
    assertThat(last.events).contains("cleanupFit");
  }

  @Test
  void canFitAgainAfterAFailureWithoutItsGradients() {
    RuntimeException failure = new IllegalStateException("after the backward pass");
    Learner learn =
        Fits.line()
            .optimizer(SGD::new)
            .callback(new Cancelling("afterBackward", 1, () -> failure))
            .build();
    assertThatThrownBy(() -> learn.fit(1, 0.01)).isSameAs(failure);
    assertThat(learn.model().isTraining()).isFalse();
    assertThat(learn.model().parameters().get(0).hasGrad()).isFalse();
    learn.fit(1, 0);
    assertThat(learn.recorder().itemgot(1).get(0)).isCloseTo(30, within(1e-4));
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_FIT", "AFTER_BATCH", "AFTER_EPOCH", "CLEANUP_FIT"})
  void refusesACallbackThatValidatesInAnEventOfValidating(Event event) {
    Learner learn = Fits.line().build();
    learn.addCallback(Callback.on(event, Learner::validate));
    assertThatThrownBy(() -> learn.fit(1, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("EventCallback." + event.method())
        .hasMessageContaining("if (learn.run() == Run.FIT)");
    assertThatThrownBy(learn::validate).hasMessageContaining("without end");
  }

  @Test
  void letsACallbackValidateInTheEventsOfAFit() {
    List<Double> losses = new ArrayList<>();
    Learner learn = Fits.line().build();
    learn.addCallback(
        Callback.on(
            Event.AFTER_EPOCH,
            l -> {
              if (l.run() == Run.FIT) {
                losses.add(l.validate().get(0));
                losses.add(l.validate(l.dls().train()).get(0));
              }
            }));
    learn.fit(2, 0);
    assertThat(losses).containsExactly(30.0, 30.0, 30.0, 30.0); // the mean of 4, 16, 36, 64
  }

  @Test
  void callsCallbacksByOrderAndTiesAsAdded() {
    List<String> calls = new ArrayList<>();
    Learner learn =
        Fits.line()
            .callback(named("b", 0, calls))
            .callback(named("c", 7, calls))
            .callback(named("a", -3, calls))
            .callback(named("b2", 0, calls))
            .build();
    learn.fit(1, 0);
    assertThat(calls).containsExactly("a", "b", "b2", "c");
  }

  private static Callback named(String name, int order, List<String> calls) {
    return new Callback() {
      @Override
      public int order() {
        return order;
      }

      @Override
      public void beforeFit(Learner learn) {
        calls.add(name);
      }
    };
  }

  private static double weight(Learner learn) {
    return ((Linear) learn.model()).weight().item();
  }
}
