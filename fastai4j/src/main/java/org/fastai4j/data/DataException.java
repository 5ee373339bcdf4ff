package org.fastai4j.data;

/** Data that could not be read or used; the message names the file, what is wrong and the mend. */
public final class DataException extends RuntimeException {
  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
