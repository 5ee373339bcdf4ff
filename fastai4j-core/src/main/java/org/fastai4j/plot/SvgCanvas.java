package org.fastai4j.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Base64;

/** A canvas that writes SVG; text stays text, in the reader's own sans-serif font. */
final class SvgCanvas implements Canvas {
  private final StringBuilder out = new StringBuilder();
  private boolean clipped;

  SvgCanvas(double width, double height) {
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(n(width));
    out.append("\" height=\"").append(n(height));
    out.append("\" viewBox=\"0 0 ").append(n(width)).append(' ').append(n(height));
    out.append("\" font-family=\"DejaVu Sans,Verdana,sans-serif\">\n");
    fill(0, 0, width, height, Colors.WHITE, 1);
  }

  String svg() {
    return out + "</svg>\n";
  }

  @Override
  public void fill(double x, double y, double width, double height, int color, double opacity) {
    out.append("<rect").append(box(x, y, width, height));
    out.append(" fill=\"").append(Colors.hex(color));
    out.append(opacity < 1 ? "\" fill-opacity=\"" + n(opacity) + "\"/>\n" : "\"/>\n");
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, double thickness, int color) {
    stroke("M" + n(x1) + " " + n(y1) + "L" + n(x2) + " " + n(y2), thickness, color);
  }

  @Override
  public void path(double[] points, double thickness, int color) {
    StringBuilder d = new StringBuilder();
    for (int i = 0; i < points.length; i += 2) {
      d.append(i == 0 ? 'M' : 'L').append(n(points[i])).append(' ').append(n(points[i + 1]));
    }
    stroke(d.toString(), thickness, color);
  }

  private void stroke(String d, double thickness, int color) {
    out.append("<path d=\"").append(d).append("\" fill=\"none\" stroke-linejoin=\"round\"");
    out.append(" stroke=\"").append(Colors.hex(color));
    out.append("\" stroke-width=\"").append(n(thickness)).append("\"/>\n");
  }

  @Override
  public void dot(double x, double y, double radius, int color) {
    out.append("<circle cx=\"").append(n(x)).append("\" cy=\"").append(n(y));
    out.append("\" r=\"").append(n(radius));
    out.append("\" fill=\"").append(Colors.hex(color)).append("\"/>\n");
  }

  @Override
  public void text(
      String text, double x, double y, Font font, Anchor anchor, int color, boolean up) {
    out.append("<text x=\"").append(n(x)).append("\" y=\"").append(n(y));
    out.append("\" font-size=\"").append(n(font.size())).append('"');
    out.append(font.isBold() ? " font-weight=\"bold\"" : "");
    switch (anchor) {
      case LEFT -> {}
      case CENTER -> out.append(" text-anchor=\"middle\"");
      case RIGHT -> out.append(" text-anchor=\"end\"");
    }
    if (up) {
      out.append(" transform=\"rotate(-90 ").append(n(x)).append(' ').append(n(y)).append(")\"");
    }
    out.append(" fill=\"").append(Colors.hex(color)).append("\">");
    out.append(Html.escape(text)).append("</text>\n");
  }

  @Override
  public void image(Bitmap image, double x, double y, double width, double height) {
    out.append("<image").append(box(x, y, width, height));
    out.append(" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"");
    out.append("data:image/png;base64,");
    out.append(Base64.getEncoder().encodeToString(Png.encode(image, RasterCanvas.DPI)));
    out.append("\"/>\n");
  }

  @Override
  public void clip(double x, double y, double width, double height) {
    // Named after its box, so that two figures in one page cannot clip each other wrongly.
    String id = "clip_%s_%s_%s_%s".formatted(n(x), n(y), n(width), n(height)).replace('.', '-');
    out.append("<clipPath id=\"").append(id).append("\"><rect");
    out.append(box(x, y, width, height)).append("/></clipPath>\n");
    out.append("<g clip-path=\"url(#").append(id).append(")\">\n");
    clipped = true;
  }

  @Override
  public void unclip() {
    if (clipped) {
      out.append("</g>\n");
      clipped = false;
    }
  }

  private static String box(double x, double y, double width, double height) {
    return " x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\""
        .formatted(n(x), n(y), n(width), n(height));
  }

  private static String n(double v) {
    BigDecimal rounded = BigDecimal.valueOf(v).setScale(2, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
