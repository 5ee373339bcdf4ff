package org.fastai4j.plot;

/** A terminal's codes for 24-bit color. */
final class Ansi {
  static final String RESET = "\u001b[0m";

  private Ansi() {}

  static String foreground(int rgb) {
    return code(38, rgb);
  }

  static String background(int rgb) {
    return code(48, rgb);
  }

  private static String code(int what, int rgb) {
    return "\u001b["
        + what
        + ";2;"
        + ((rgb >> 16) & 0xff)
        + ";"
        + ((rgb >> 8) & 0xff)
        + ";"
        + (rgb & 0xff)
        + "m";
  }
}
