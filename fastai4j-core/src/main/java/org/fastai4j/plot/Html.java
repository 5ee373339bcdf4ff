package org.fastai4j.plot;

import java.util.Base64;

/** Pieces of HTML. */
final class Html {
  private Html() {}

  /** Safe as text and as an attribute, in HTML and in SVG, which has no control characters. */
  static String escape(String text) {
    return printable(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** With a space for each control character, so that no text can steer a terminal or break SVG. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      if (Character.isISOControl(out.charAt(i))) {
        out.setCharAt(i, ' ');
      }
    }
    return out.toString();
  }

  /**
   * A picture in the page itself, {@code width} CSS pixels wide but never wider than its column.
   */
  static String image(byte[] png, String alt, double width) {
    return "<img src=\"data:image/png;base64,"
        + Base64.getEncoder().encodeToString(png)
        + "\" alt=\""
        + escape(alt)
        + "\" width=\""
        + Math.round(width)
        + "\" style=\"max-width:100%;height:auto\">";
  }
}
