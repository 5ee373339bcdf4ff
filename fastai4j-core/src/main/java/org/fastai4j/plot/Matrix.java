package org.fastai4j.plot;

/** Checks on arrays that come from outside. */
final class Matrix {
  private Matrix() {}

  static void check(String what, double[][] rows) {
    if (rows.length == 0 || rows[0].length == 0) {
      throw new PlotException(what + " with no values; give at least one row and one column");
    }
    for (int i = 1; i < rows.length; i++) {
      if (rows[i].length != rows[0].length) {
        throw new PlotException(
            "%s with %d values in row 0 and %d in row %d; give rows of one length"
                .formatted(what, rows[0].length, rows[i].length, i));
      }
    }
  }
}
