package org.fastai4j.plot;

import java.util.Locale;
import java.util.Map;

/** Colors by matplotlib's names, as {@code 0xRRGGBB}. */
final class Colors {
  static final int WHITE = 0xffffff;
  static final int BLACK = 0x000000;

  private static final int[] TAB10 = {
    0x1f77b4, 0xff7f0e, 0x2ca02c, 0xd62728, 0x9467bd, 0x8c564b, 0xe377c2, 0x7f7f7f, 0xbcbd22,
    0x17becf
  };

  private static final Map<String, Integer> NAMED =
      Map.ofEntries(
          Map.entry("black", 0x000000),
          Map.entry("white", 0xffffff),
          Map.entry("red", 0xff0000),
          Map.entry("green", 0x008000),
          Map.entry("blue", 0x0000ff),
          Map.entry("orange", 0xffa500),
          Map.entry("purple", 0x800080),
          Map.entry("brown", 0xa52a2a),
          Map.entry("pink", 0xffc0cb),
          Map.entry("gray", 0x808080),
          Map.entry("grey", 0x808080),
          Map.entry("olive", 0x808000),
          Map.entry("cyan", 0x00ffff),
          Map.entry("magenta", 0xff00ff),
          Map.entry("yellow", 0xffff00),
          Map.entry("k", 0x000000),
          Map.entry("w", 0xffffff),
          Map.entry("r", 0xff0000),
          Map.entry("g", 0x008000),
          Map.entry("b", 0x0000ff));

  private Colors() {}

  /** The {@code i}-th color of matplotlib's default cycle, tab10. */
  static int cycle(int i) {
    return TAB10[i % TAB10.length];
  }

  /** Reads {@code red}, {@code C3} or {@code #d62728}. */
  static int parse(String name) {
    Integer named = NAMED.get(name.toLowerCase(Locale.ROOT));
    if (named != null) {
      return named;
    }
    if (name.matches("C[0-9]")) {
      return TAB10[name.charAt(1) - '0'];
    }
    if (name.matches("#[0-9a-fA-F]{6}")) {
      return Integer.parseInt(name.substring(1), 16);
    }
    throw new PlotException(
        "unknown color \""
            + name
            + "\"; use #rrggbb, C0 to C9, or a name such as red, green, blue, orange, gray, black");
  }

  static String hex(int rgb) {
    return "#" + Integer.toHexString(0x1000000 | (rgb & WHITE)).substring(1);
  }

  /** The text color pandas puts on a shaded cell: light where relative luminance is below 0.408. */
  static int textOn(int rgb) {
    double luminance =
        0.2126 * linear((rgb >> 16) & 0xff)
            + 0.7152 * linear((rgb >> 8) & 0xff)
            + 0.0722 * linear(rgb & 0xff);
    return luminance < 0.408 ? 0xf1f1f1 : BLACK;
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }
}
