package org.fastai4j.nn;

/** The logarithm of {@link Softmax}, without its loss of precision. */
public final class LogSoftmax extends Activation {
  /**
   * @param dim the axis; negative ones count from the last
   */
  public LogSoftmax(int dim) {
    super("dim=" + dim, x -> x.logSoftmax(dim));
  }
}
