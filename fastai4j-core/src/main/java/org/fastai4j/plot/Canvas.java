package org.fastai4j.plot;

/** What a figure is drawn on: lengths in pixels at 100 dpi, y downward, colors {@code 0xRRGGBB}. */
interface Canvas {
  /** Which point of a text is given: its left end, middle or right end, on the baseline. */
  enum Anchor {
    LEFT,
    CENTER,
    RIGHT;

    /** How far left of the given point the text of this width begins. */
    double shift(double width) {
      return switch (this) {
        case LEFT -> 0;
        case CENTER -> width / 2;
        case RIGHT -> width;
      };
    }
  }

  void fill(double x, double y, double width, double height, int color, double opacity);

  void line(double x1, double y1, double x2, double y2, double thickness, int color);

  /** Joins {@code points}, pairs of x and y. */
  void path(double[] points, double thickness, int color);

  void dot(double x, double y, double radius, int color);

  /** Draws one line of text; {@code up} turns it a quarter counterclockwise around its anchor. */
  void text(String text, double x, double y, Font font, Anchor anchor, int color, boolean up);

  void image(Bitmap image, double x, double y, double width, double height);

  /** Confines what follows to a box, until {@link #unclip}. */
  void clip(double x, double y, double width, double height);

  void unclip();
}
