package org.fastai4j.plot;

import java.awt.AWTError;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** A canvas of pixels, two to a unit for crisp text, drawn by Java 2D with no display. */
final class RasterCanvas implements Canvas {
  static final int SCALE = 2;
  static final double DPI = 100.0 * SCALE;
  private static final long MOST_PIXELS = 100_000_000;

  private final BufferedImage image;
  private final Graphics2D g;

  RasterCanvas(double width, double height) {
    double pixels = Math.ceil(width * SCALE) * Math.ceil(height * SCALE);
    if (!(pixels <= MOST_PIXELS)) {
      throw new PlotException(
          "a picture of %.0f x %.0f pixels is too large; draw fewer rows, or less at a time"
              .formatted(width * SCALE, height * SCALE));
    }
    image =
        new BufferedImage(
            (int) Math.ceil(width * SCALE),
            (int) Math.ceil(height * SCALE),
            BufferedImage.TYPE_INT_RGB);
    try {
      g = image.createGraphics();
    } catch (AWTError e) {
      throw Font.noDisplay(e);
    } catch (LinkageError e) {
      throw Font.noFonts(e);
    }
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    g.scale(SCALE, SCALE);
  }

  BufferedImage image() {
    return image;
  }

  byte[] png() {
    int[] rgb = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    return Png.encode(new Bitmap(image.getWidth(), image.getHeight(), rgb), DPI);
  }

  @Override
  public void fill(double x, double y, double width, double height, int color, double opacity) {
    g.setColor(new Color(color));
    if (opacity < 1) {
      g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) opacity));
    }
    g.fill(new Rectangle2D.Double(x, y, width, height));
    g.setComposite(AlphaComposite.SrcOver);
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, double thickness, int color) {
    g.setColor(new Color(color));
    g.setStroke(new BasicStroke((float) thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    g.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  @Override
  public void path(double[] points, double thickness, int color) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    g.setColor(new Color(color));
    g.setStroke(new BasicStroke((float) thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(path);
  }

  @Override
  public void dot(double x, double y, double radius, int color) {
    g.setColor(new Color(color));
    g.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  @Override
  public void text(
      String text, double x, double y, Font font, Anchor anchor, int color, boolean up) {
    if (text.isEmpty()) {
      return;
    }
    AffineTransform before = g.getTransform();
    g.translate(x, y);
    if (up) {
      g.rotate(-Math.PI / 2);
    }
    g.setFont(font.awt());
    g.setColor(new Color(color));
    g.drawString(text, (float) -anchor.shift(font.width(text)), 0);
    g.setTransform(before);
  }

  @Override
  public void image(Bitmap original, double x, double y, double width, double height) {
    Bitmap bitmap = original;
    if (width * SCALE < bitmap.width || height * SCALE < bitmap.height) {
      bitmap =
          bitmap.resize(
              Math.max(1, (int) Math.round(width * SCALE)),
              Math.max(1, (int) Math.round(height * SCALE)));
    }
    BufferedImage source =
        new BufferedImage(bitmap.width, bitmap.height, BufferedImage.TYPE_INT_RGB);
    source.setRGB(0, 0, bitmap.width, bitmap.height, bitmap.rgb, 0, bitmap.width);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    AffineTransform place =
        new AffineTransform(width / bitmap.width, 0, 0, height / bitmap.height, x, y);
    g.drawImage(source, place, null);
  }

  @Override
  public void clip(double x, double y, double width, double height) {
    g.setClip(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void unclip() {
    g.setClip(null);
  }
}
