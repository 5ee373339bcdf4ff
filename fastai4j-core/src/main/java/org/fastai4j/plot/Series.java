package org.fastai4j.plot;

/** What an {@link Axes} draws of one call: dots, a line, or bars between edges. */
final class Series {
  enum Kind {
    DOTS,
    LINE,
    /** {@code x} holds one edge more than {@code y} has heights. */
    BARS
  }

  final Kind kind;
  final double[] x;
  final double[] y;
  final int color;
  final String label;

  Series(Kind kind, double[] x, double[] y, int color, String label) {
    this.kind = kind;
    this.x = x;
    this.y = y;
    this.color = color;
    this.label = label;
  }
}
