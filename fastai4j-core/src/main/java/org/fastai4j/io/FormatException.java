package org.fastai4j.io;

import java.nio.file.Path;

/** Bytes that are not what their format demands; the message says what is wrong and where. */
public final class FormatException extends RuntimeException {
  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A problem with a file: the message begins with its path. */
  public FormatException(Path file, String problem) {
    super(file + ": " + problem);
  }

  /** A problem with a file, found because of another failure. */
  public FormatException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
