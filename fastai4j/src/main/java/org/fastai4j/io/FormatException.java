package org.fastai4j.io;

/** Bytes that are not what their format demands; the message says what is wrong and where. */
public final class FormatException extends RuntimeException {
  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
