package org.fastai4j.io;

import java.nio.file.Path;

/**
 * A file that is not what its format asks for; the message names the file, the place and what is
 * wrong.
 */
public final class FormatException extends RuntimeException {
  public FormatException(Path file, String problem) {
    super(file + ": " + problem);
  }

  public FormatException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
