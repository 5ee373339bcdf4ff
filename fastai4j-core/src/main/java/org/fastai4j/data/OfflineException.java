package org.fastai4j.data;

/** A download that got no answer at all: no network, a closed port, a proxy that refuses. */
public final class OfflineException extends DataException {
  public OfflineException(String message) {
    super(message);
  }

  public OfflineException(String message, Throwable cause) {
    super(message, cause);
  }
}
