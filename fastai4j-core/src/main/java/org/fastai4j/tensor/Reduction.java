package org.fastai4j.tensor;

/** What becomes of the losses of single elements. */
public enum Reduction {
  /** They stay as they are. */
  NONE(0),
  /** Their mean, weighted where there are weights. */
  MEAN(1),
  /** Their sum. */
  SUM(2);

  private final int code;

  Reduction(int code) {
    this.code = code;
  }

  /** The engine's number for it. */
  int code() {
    return code;
  }

  /** The elements of {@code losses} put together in this way, without weights. */
  public Tensor of(Tensor losses) {
    return switch (this) {
      case NONE -> losses;
      case MEAN -> losses.mean();
      case SUM -> losses.sum();
    };
  }
}
