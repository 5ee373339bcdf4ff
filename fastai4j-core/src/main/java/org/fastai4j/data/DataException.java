package org.fastai4j.data;

/** Data that could not be had, read or written; the message says what, where and how to mend it. */
public class DataException extends RuntimeException {
  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
