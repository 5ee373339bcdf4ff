package org.fastai4j.app;

/** Ends a command with one line for the user and this exit status. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int status;

  CliException(int status, String message) {
    super(message);
    this.status = status;
  }

  CliException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  int status() {
    return status;
  }
}
