package org.fastai4j.plot;

/**
 * A picture that could not be drawn or saved; the message says what was wrong and how to mend it.
 */
public final class PlotException extends RuntimeException {
  public PlotException(String message) {
    super(message);
  }

  public PlotException(String message, Throwable cause) {
    super(message, cause);
  }
}
