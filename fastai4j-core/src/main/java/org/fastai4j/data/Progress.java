package org.fastai4j.data;

/**
 * A listener to long work, called from the thread that waits for it.
 *
 * <p>{@link ProgressBar} is the one that draws.
 */
@FunctionalInterface
public interface Progress {
  /** A progress that says nothing. */
  Progress SILENT = (label, done, total) -> {};

  /**
   * Reports {@code done} of {@code total} steps of the work {@code label}; {@code total} 0:
   * unknown.
   */
  void update(String label, long done, long total);

  /** Reports {@code done} of {@code total} bytes of the work {@code label}. */
  default void updateBytes(String label, long done, long total) {
    update(label, done, total);
  }

  /** Tells the user one line. */
  default void notice(String line) {}

  /** Ends the present work, whether it succeeded or not. */
  default void finish() {}
}
