package org.fastai4j.nn;

/** Probabilities along an axis: exponentials that sum to 1. */
public final class Softmax extends Activation {
  final int dim;

  /**
   * @param dim the axis; negative ones count from the last
   */
  public Softmax(int dim) {
    super("dim=" + dim, x -> x.softmax(dim));
    this.dim = dim;
  }
}
