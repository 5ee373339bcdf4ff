package org.fastai4j.app.serve;

/** The server cannot start; the message tells why and what to do. */
public final class ServeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ServeException(String message, Throwable cause) {
    super(message, cause);
  }
}
