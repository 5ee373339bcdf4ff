package org.fastai4j.plot;

import java.awt.AWTError;
import java.awt.font.FontRenderContext;

/** A size of the sans-serif font, in pixels at 100 dpi, and what it measures. */
final class Font {
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);
  private static final double CAP_HEIGHT = 0.73;

  private final double size;
  private final java.awt.Font awt;

  Font(double size) {
    this(size, java.awt.Font.PLAIN);
  }

  private Font(double size, int style) {
    this.size = size;
    this.awt = new java.awt.Font(java.awt.Font.SANS_SERIF, style, 1).deriveFont((float) size);
  }

  Font bold() {
    return new Font(size, java.awt.Font.BOLD);
  }

  /** This font, made smaller if need be so that {@code text} is at most {@code width} wide. */
  Font fit(String text, double width) {
    double wide = width(text);
    return wide <= width ? this : new Font(Math.max(4, size * width / wide), awt.getStyle());
  }

  double size() {
    return size;
  }

  java.awt.Font awt() {
    return awt;
  }

  boolean isBold() {
    return awt.isBold();
  }

  /** The height of a capital or a digit above the baseline. */
  double capHeight() {
    return CAP_HEIGHT * size;
  }

  double width(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return awt.getStringBounds(text, CONTEXT).getWidth();
    } catch (RuntimeException | LinkageError | InternalError | AWTError e) {
      throw noFonts(e);
    }
  }

  static PlotException noFonts(Throwable cause) {
    return new PlotException(
        "Java found no fonts to write with ("
            + cause
            + "); install fontconfig and a font, such as Debian's packages fontconfig and"
            + " fonts-dejavu-core; with no display also pass -Djava.awt.headless=true",
        cause);
  }
}
