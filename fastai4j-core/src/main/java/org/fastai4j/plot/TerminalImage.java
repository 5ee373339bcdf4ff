package org.fastai4j.plot;

import java.awt.image.BufferedImage;

/**
 * A picture as text for a terminal: colored half blocks, two pixels to a character, or plain
 * characters where there is no color.
 *
 * <pre>{@code
 * System.out.print(TerminalImage.of(digit, ColorMap.GREYS).ansi());
 * }</pre>
 */
public final class TerminalImage {
  private static final String UPPER_HALF = "\u2580";
  private static final String INKS = " .:-=+*#%@";
  private static final int WIDEST = 80;

  private final Bitmap bitmap;

  private TerminalImage(Bitmap bitmap) {
    this.bitmap = bitmap;
  }

  /** One channel is colored by {@code map}, from smallest to largest value. */
  public static TerminalImage of(Pixels pixels, ColorMap map) {
    return new TerminalImage(pixels.toBitmap(map));
  }

  /** Any image, such as {@code figure.image()}. */
  public static TerminalImage of(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    return new TerminalImage(new Bitmap(w, h, image.getRGB(0, 0, w, h, new int[w * h], 0, w)));
  }

  /** Half blocks in 24-bit color, one pixel wide each, but at most 80 of them in a line. */
  public String ansi() {
    return ansi(Math.min(WIDEST, bitmap.width));
  }

  /** Half blocks in 24-bit color, {@code columns} in a line. */
  public String ansi(int columns) {
    Bitmap b = fit(columns, 1);
    StringBuilder out = new StringBuilder();
    for (int y = 0; y < b.height; y += 2) {
      int foreground = -1;
      int background = -1;
      for (int x = 0; x < b.width; x++) {
        int upper = b.at(x, y) & Colors.WHITE;
        if (upper != foreground) {
          out.append(Ansi.foreground(upper));
          foreground = upper;
        }
        if (y + 1 < b.height) { // else the lower half shows the terminal's own background
          int lower = b.at(x, y + 1) & Colors.WHITE;
          if (lower != background) {
            out.append(Ansi.background(lower));
            background = lower;
          }
        }
        out.append(UPPER_HALF);
      }
      out.append(Ansi.RESET).append('\n');
    }
    return out.toString();
  }

  /** Plain characters, the darker a pixel the more ink, at most 80 in a line. */
  public String ascii() {
    return ascii(Math.min(WIDEST, 2 * bitmap.width));
  }

  /** Plain characters, {@code columns} in a line and half as many lines for a square. */
  public String ascii(int columns) {
    Bitmap b = fit(columns, 0.5);
    StringBuilder out = new StringBuilder();
    for (int y = 0; y < b.height; y++) {
      StringBuilder line = new StringBuilder();
      for (int x = 0; x < b.width; x++) {
        int p = b.at(x, y);
        double light =
            (0.299 * ((p >> 16) & 0xff) + 0.587 * ((p >> 8) & 0xff) + 0.114 * (p & 0xff)) / 255;
        line.append(INKS.charAt((int) Math.round((1 - light) * (INKS.length() - 1))));
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }

  private Bitmap fit(int columns, double rowsPerColumn) {
    if (columns < 1) {
      throw new PlotException("a terminal picture of " + columns + " columns; give at least 1");
    }
    double rows = (double) bitmap.height / bitmap.width * columns * rowsPerColumn;
    return bitmap.resize(columns, (int) Math.max(1, Math.round(rows)));
  }
}
