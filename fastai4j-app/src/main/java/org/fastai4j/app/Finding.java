package org.fastai4j.app;

/**
 * One line of the doctor's report.
 *
 * @param section what it is about, such as {@code Threads}
 * @param name what was looked at
 * @param value what was found
 * @param level whether that is good
 * @param mend what to do about it; empty if nothing
 */
record Finding(String section, String name, String value, Level level, String mend) {

  /** Whether a finding is good. */
  enum Level {
    OK,
    /** The product works, but slower or with less than it could. */
    WARN,
    /** The product does not work. */
    WRONG
  }
}
