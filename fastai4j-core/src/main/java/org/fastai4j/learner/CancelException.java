package org.fastai4j.learner;

/** Thrown by a callback to skip the rest of a level of training; no error. */
public abstract sealed class CancelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private CancelException() {
    super(null, null, false, false); // a jump, not a failure: no stack trace
  }

  /** Skips the backward pass; the step is still made. */
  public static final class Backward extends CancelException {
    private static final long serialVersionUID = 1;
  }

  /** Skips the optimizer's step. */
  public static final class Step extends CancelException {
    private static final long serialVersionUID = 1;
  }

  /** Skips the rest of the batch. */
  public static final class Batch extends CancelException {
    private static final long serialVersionUID = 1;
  }

  /** Ends the training part of the epoch. */
  public static final class Train extends CancelException {
    private static final long serialVersionUID = 1;
  }

  /** Ends the validation part of the epoch. */
  public static final class Validate extends CancelException {
    private static final long serialVersionUID = 1;
  }

  /** Ends the epoch. */
  public static final class Epoch extends CancelException {
    private static final long serialVersionUID = 1;
  }

  /** Ends the fit. */
  public static final class Fit extends CancelException {
    private static final long serialVersionUID = 1;
  }
}
