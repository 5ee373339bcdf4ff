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
    public void at(Event event, Learner learn) {
      if (event != Event.AFTER_CREATE) {
        at(event.method(), learn);
      }
    }
  }
}
