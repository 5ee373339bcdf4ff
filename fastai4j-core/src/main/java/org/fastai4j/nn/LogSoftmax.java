package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** The logarithm of {@link Softmax}, without its loss of precision. */
public final class LogSoftmax extends Module {
  private final int dim;

  /**
   * @param dim the axis; negative ones count from the last
   */
  public LogSoftmax(int dim) {
    this.dim = dim;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.logSoftmax(dim);
  }

  @Override
  public String toString() {
    return "LogSoftmax(dim=" + dim + ")";
  }
}
