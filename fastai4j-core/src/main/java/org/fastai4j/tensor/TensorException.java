package org.fastai4j.tensor;

/** A tensor operation that could not be done; the message names the op, the shapes and the mend. */
public final class TensorException extends RuntimeException {
  public TensorException(String message) {
    super(message);
  }

  public TensorException(String message, Throwable cause) {
    super(message, cause);
  }
}
