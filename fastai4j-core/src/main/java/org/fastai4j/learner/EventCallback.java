package org.fastai4j.learner;

import java.util.function.Consumer;

/** A callback that does one thing at one event, and nothing at the others. */
record EventCallback(Event event, Consumer<Learner> body) implements Callback {
  @Override
  public void at(Event now, Learner learn) {
    if (now == event) {
      body.accept(learn);
    }
  }
}
