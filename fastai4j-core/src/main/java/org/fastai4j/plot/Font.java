package org.fastai4j.plot;

import java.awt.AWTError;
import java.awt.font.FontRenderContext;

/** A size of the sans-serif font, in pixels at 100 dpi, and what it measures. */
record Font(double size, boolean isBold) {
  private static final double CAP_HEIGHT = 0.73;
  private static final double SMALLEST = 4;

  Font(double size) {
    this(size, false);
  }

  Font bold() {
    return new Font(size, true);
  }

  /** This font, made smaller if need be so that {@code text} is at most {@code width} wide. */
  Font fit(String text, double width) {
    double wide = width(text);
    return wide <= width ? this : new Font(Math.max(SMALLEST, size * width / wide), isBold);
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
      return awt().getStringBounds(text, new FontRenderContext(null, true, true)).getWidth();
    } catch (AWTError e) {
      throw noDisplay(e);
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw noFonts(e);
    }
  }

  java.awt.Font awt() {
    int style = isBold ? java.awt.Font.BOLD : java.awt.Font.PLAIN;
    return new java.awt.Font(java.awt.Font.SANS_SERIF, style, 1).deriveFont((float) size);
  }

  static PlotException noFonts(Throwable cause) {
    return new PlotException(
        "Java can draw no text: it found no fonts ("
            + cause
            + "); install fontconfig and a font, such as the packages fontconfig and"
            + " fonts-dejavu-core of Debian and Ubuntu",
        cause);
  }

  static PlotException noDisplay(Throwable cause) {
    return new PlotException(
        "Java cannot reach the display ("
            + cause.getMessage()
            + "); none is needed: pass"
            + " -Djava.awt.headless=true",
        cause);
  }
}
