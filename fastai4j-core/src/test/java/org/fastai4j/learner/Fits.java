package org.fastai4j.learner;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Linear;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Tensor;

/** Small learners, and a callback that writes down its events. */
final class Fits {
  private Fits() {}

  /** Four items to train on and four to validate with, in batches of two: y = 2 x. */
  static DataLoaders data() {
    TensorDataset d =
        TensorDataset.of(
            Tensor.of(new float[] {1, 2, 3, 4}, 4, 1), Tensor.of(new float[] {2, 4, 6, 8}, 4, 1));
    return new DataLoaders(DataLoader.of(d, 2), DataLoader.of(d, 2));
  }

  /** A quiet learner of a line through 0 on {@link #data}. */
  static Learner.Builder line() {
    return Learner.builder(data(), zero()).loss(Functional::mseLoss).quiet();
  }

  /** A linear layer of one weight, 0. */
  static Linear zero() {
    Linear model = Linear.withoutBias(1, 1);
    Autograd.noGrad(() -> model.weight().zero_());
    return model;
  }

  /** Writes down every event; throws what it is told to at one of them. */
  static class Log implements Callback {
    final List<String> events = new ArrayList<>();

    void at(String event, Learner learn) {
      events.add(event);
    }

    @Override
    public void beforeFit(Learner learn) {
      at("beforeFit", learn);
    }

    @Override
    public void beforeEpoch(Learner learn) {
      at("beforeEpoch", learn);
    }

    @Override
    public void beforeTrain(Learner learn) {
      at("beforeTrain", learn);
    }

    @Override
    public void beforeBatch(Learner learn) {
      at("beforeBatch", learn);
    }

    @Override
    public void afterPred(Learner learn) {
      at("afterPred", learn);
    }

    @Override
    public void afterLoss(Learner learn) {
      at("afterLoss", learn);
    }

    @Override
    public void beforeBackward(Learner learn) {
      at("beforeBackward", learn);
    }

    @Override
    public void afterCancelBackward(Learner learn) {
      at("afterCancelBackward", learn);
    }

    @Override
    public void afterBackward(Learner learn) {
      at("afterBackward", learn);
    }

    @Override
    public void beforeStep(Learner learn) {
      at("beforeStep", learn);
    }

    @Override
    public void afterCancelStep(Learner learn) {
      at("afterCancelStep", learn);
    }

    @Override
    public void afterStep(Learner learn) {
      at("afterStep", learn);
    }

    @Override
    public void afterCancelBatch(Learner learn) {
      at("afterCancelBatch", learn);
    }

    @Override
    public void afterBatch(Learner learn) {
      at("afterBatch", learn);
    }

    @Override
    public void afterCancelTrain(Learner learn) {
      at("afterCancelTrain", learn);
    }

    @Override
    public void afterTrain(Learner learn) {
      at("afterTrain", learn);
    }

    @Override
    public void beforeValidate(Learner learn) {
      at("beforeValidate", learn);
    }

    @Override
    public void afterCancelValidate(Learner learn) {
      at("afterCancelValidate", learn);
    }

    @Override
    public void afterValidate(Learner learn) {
      at("afterValidate", learn);
    }

    @Override
    public void afterCancelEpoch(Learner learn) {
      at("afterCancelEpoch", learn);
    }

    @Override
    public void afterEpoch(Learner learn) {
      at("afterEpoch", learn);
    }

    @Override
    public void afterCancelFit(Learner learn) {
      at("afterCancelFit", learn);
    }

    @Override
    public void afterFit(Learner learn) {
      at("afterFit", learn);
    }

    @Override
    public void cleanupFit(Learner learn) {
      at("cleanupFit", learn);
    }
  }
}
