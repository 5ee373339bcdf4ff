package org.fastai4j.nn;

import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * A vector that is learned for each of {@code count} things: whole numbers of any shape {@code
 * [...]} to {@code [..., size]}. Weights are drawn from N(0, 1).
 */
public final class Embedding extends Module {
  private static final int NONE = -1;

  private final int count;
  private final int size;
  private final int paddingIdx;
  private final Tensor weight;

  public Embedding(int count, int size) {
    this(count, size, NONE);
  }

  /**
   * @param paddingIdx the number that stands for nothing: its vector begins at zero and stays
   */
  public Embedding(int count, int size, int paddingIdx) {
    this.count = count;
    this.size = size;
    this.paddingIdx = paddingIdx;
    Tensor drawn = Tensor.randn(count, size);
    if (paddingIdx != NONE) {
      drawn.get(paddingIdx).zero_();
    }
    weight = parameter("weight", drawn);
  }

  /** The vectors, {@code [count, size]}. */
  public Tensor weight() {
    return weight;
  }

  @Override
  public Tensor forward(Tensor x) {
    try {
      return paddingIdx == NONE ? weight.embedding(x) : weight.embedding(x, paddingIdx);
    } catch (TensorException e) {
      throw outOfRange(x, e);
    }
  }

  private TensorException outOfRange(Tensor x, TensorException e) {
    if (!x.dtype().isFloatingPoint() && x.device().equals(Device.CPU)) {
      for (long i : x.toLongArray()) {
        if (i < 0 || i >= count) {
          return new TensorException(
              this + ": there is no vector for " + i + ", only for 0 to " + (count - 1), e);
        }
      }
    }
    return e;
  }

  @Override
  public String toString() {
    return "Embedding("
        + count
        + ", "
        + size
        + (paddingIdx == NONE ? ")" : ", paddingIdx=" + paddingIdx + ")");
  }
}
