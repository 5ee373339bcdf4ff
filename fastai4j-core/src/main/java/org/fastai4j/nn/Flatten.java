package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** Axes joined to one: all but the first, {@code [n, ...]} to {@code [n, -1]}, unless told so. */
public final class Flatten extends Module {
  final int start;
  final int end;

  /** Joins all axes but the first. */
  public Flatten() {
    this(1, -1);
  }

  /**
   * Joins the axes from {@code start} to {@code end} inclusive; negative ones count from the last.
   */
  public Flatten(int start, int end) {
    this.start = start;
    this.end = end;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.flatten(start, end);
  }

  @Override
  public String toString() {
    return start == 1 && end == -1 ? "Flatten" : "Flatten(" + start + ", " + end + ")";
  }
}
