package org.fastai4j.learner;

/** What the events that a callback sees are part of. */
public enum Run {
  /** Training with validation. */
  FIT,
  /** The search for a learning rate, after which all is as it was before. */
  FIND_LR,
  /** A pass without training: {@code validate}, {@code getPreds}, {@code tta}. */
  EVALUATE
}
