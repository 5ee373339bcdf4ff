package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Random;
import org.fastai4j.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigitImageTest {
  /** What every picture of this seven should come out as: see {@link #seven}. */
  private final Image reference = DigitImage.prepare(seven(280, 40, 40, 200, 24).toImage());

  @Test
  void boxesTheDigitTo20AndCentersItsMass() {
    assertThat(reference.width()).isEqualTo(28);
    assertThat(reference.height()).isEqualTo(28);
    assertThat(reference.mode()).isEqualTo("L");
    assertMnistStyle(reference);
    assertThat(reference.pixel(0, 0, 0)).isZero();
  }

  @Test
  void leavesWhatIsAlreadyPreparedUnchanged() {
    assertThat(DigitImage.prepare(reference)).isEqualTo(reference);
    assertThat(DigitImage.prepare(reference.convert("RGB"))).isEqualTo(reference);
  }

  @Test
  void turnsDarkOnLightAround() {
    assertThat(similarity(DigitImage.prepare(reference.invert()), reference)).isGreaterThan(0.97);
  }

  @Test
  void takesEitherPolarity() {
    Drawing seven = seven(500, 100, 80, 300, 36);
    Image dark = DigitImage.prepare(seven.toImage());
    Image light = DigitImage.prepare(seven.toImage().invert());
    assertThat(light).isEqualTo(dark);
    assertThat(similarity(dark, reference)).isGreaterThan(0.97);
  }

  @ParameterizedTest
  @CsvSource({
    "60, 10, 10, 40, 5", // small
    "300, 200, 190, 90, 11", // in a corner
    "3000, 500, 400, 2000, 240", // a photograph's size
    "300, 0, 20, 280, 34", // touching two edges
  })
  void doesNotMindSizeAndPlace(int size, int left, int top, int height, int pen) {
    Image prepared = DigitImage.prepare(seven(size, left, top, height, pen).toImage());
    assertThat(similarity(prepared, reference)).isGreaterThan(0.93);
    assertMnistStyle(prepared);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 10, 20})
  void seesThroughNoisyPaper(int deviation) {
    Drawing seven = seven(400, 60, 80, 250, 30);
    seven.noise(deviation);
    assertThat(similarity(DigitImage.prepare(seven.toImage()), reference)).isGreaterThan(0.93);
  }

  @Test
  void takesOffALightThatFallsFromOneSide() {
    Drawing seven = new Drawing(400, 300);
    seven.paint.setPaint(new GradientPaint(0, 0, new Color(90, 90, 90), 400, 300, Color.WHITE));
    seven.paint.fillRect(0, 0, 400, 300);
    seven.drawSeven(new Color(30, 30, 30), 120, 50, 200, 24);
    seven.noise(4);
    assertThat(similarity(DigitImage.prepare(seven.toImage()), reference)).isGreaterThan(0.93);
  }

  @Test
  void takesOffTheDarkCornersOfALens() {
    Drawing seven = new Drawing(400, 400);
    seven.paint.setPaint(
        new RadialGradientPaint(
            200,
            200,
            300,
            new float[] {0, 1},
            new Color[] {new Color(230, 225, 210), new Color(110, 105, 100)}));
    seven.paint.fillRect(0, 0, 400, 400);
    seven.drawSeven(new Color(50, 50, 50), 120, 80, 200, 24);
    seven.noise(4);
    assertThat(similarity(DigitImage.prepare(seven.toImage()), reference)).isGreaterThan(0.93);
  }

  @Test
  void dropsSpecks() {
    Drawing seven = seven(400, 100, 100, 200, 24);
    seven.paint.setColor(Color.BLACK);
    seven.paint.fillRect(5, 5, 8, 8);
    seven.paint.fillRect(390, 200, 5, 5);
    assertThat(similarity(DigitImage.prepare(seven.toImage()), reference)).isGreaterThan(0.97);
  }

  @Test
  void keepsBothPartsOfADigitInTwoPieces() {
    Drawing drawing = new Drawing(200, 200);
    drawing.paint.setColor(Color.BLACK);
    drawing.paint.fillRect(80, 20, 20, 130); // a stem
    drawing.paint.fillRect(110, 20, 50, 20); // and a bar that does not touch it
    Image prepared = DigitImage.prepare(drawing.toImage());
    assertThat(inkIn(prepared, 15, 0, 28, 12)).isGreaterThan(20 * 255);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void thickensThinStrokesSoThatTheySurvive(int pen) {
    Image prepared = DigitImage.prepare(seven(500, 100, 80, 300, pen).toImage());
    assertThat(similarity(prepared, reference)).isGreaterThan(0.9);
    assertThat((double) inkIn(prepared, 0, 0, 28, 28))
        .isBetween(0.6 * inkIn(reference, 0, 0, 28, 28), 1.4 * inkIn(reference, 0, 0, 28, 28));
  }

  @Test
  void findsInkThatDiffersInColorOnly() {
    Drawing drawing = new Drawing(280, 280);
    drawing.paint.setColor(new Color(0, 130, 0));
    drawing.paint.fillRect(0, 0, 280, 280);
    drawing.drawSeven(new Color(255, 0, 0), 40, 40, 200, 24); // equally bright: L is 76 in both
    assertThat(similarity(DigitImage.prepare(drawing.toImage()), reference)).isGreaterThan(0.97);
  }

  @Test
  void keepsTheProportionsOfANarrowDigit() {
    Drawing drawing = new Drawing(200, 300);
    drawing.paint.setColor(Color.BLACK);
    drawing.paint.fillRect(90, 50, 20, 200); // a one: a tenth as wide as high
    Image one = DigitImage.prepare(drawing.toImage());
    assertThat(inkIn(one, 0, 0, 28, 28)).isBetween(38 * 255, 42 * 255); // 2 x 20
    assertThat(inkIn(one, 13, 4, 16, 25)).isEqualTo(inkIn(one, 0, 0, 28, 28));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 30})
  void saysThatABlankPageIsBlank(int deviation) {
    Drawing blank = new Drawing(200, 100);
    blank.noise(deviation);
    assertThatThrownBy(() -> DigitImage.prepare(blank.toImage()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("no digit found: the picture looks blank");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 50", "2, 2", "28, 28"})
  void saysThatATinyOrBlackPictureIsBlank(int width, int height) {
    Image black = Image.fromBytes("L", width, height, new byte[width * height]);
    assertThatThrownBy(() -> DigitImage.prepare(black))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("looks blank");
  }

  /** MNIST's own: the longer side is 20, the center of mass within half a pixel of (14, 14). */
  static void assertMnistStyle(Image image) {
    int left = 28;
    int right = -1;
    int top = 28;
    int bottom = -1;
    double mass = 0;
    double x = 0;
    double y = 0;
    for (int i = 0; i < 784; i++) {
      int value = image.pixel(i % 28, i / 28, 0);
      if (value > 0) {
        left = Math.min(left, i % 28);
        right = Math.max(right, i % 28);
        top = Math.min(top, i / 28);
        bottom = i / 28;
      }
      mass += value;
      x += value * (i % 28.0);
      y += (double) value * Math.floorDiv(i, 28);
    }
    assertThat(Math.max(right - left, bottom - top) + 1).isBetween(19, 20);
    assertThat(x / mass).isBetween(13.5, 14.5);
    assertThat(y / mass).isBetween(13.5, 14.5);
  }

  /** The cosine of the angle between two images: 1 for equal ones. */
  static double similarity(Image a, Image b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < 784; i++) {
      int p = a.pixel(i % 28, i / 28, 0);
      int q = b.pixel(i % 28, i / 28, 0);
      ab += p * q;
      aa += p * p;
      bb += q * q;
    }
    return ab / Math.sqrt(aa * bb);
  }

  private static int inkIn(Image image, int left, int top, int right, int bottom) {
    int sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += image.pixel(x, y, 0);
      }
    }
    return sum;
  }

  private static Drawing seven(int size, int left, int top, int height, int pen) {
    Drawing drawing = new Drawing(size, size);
    drawing.drawSeven(new Color(20, 20, 60), left, top, height, pen);
    return drawing;
  }

  /** A white sheet to draw on. */
  private static final class Drawing {
    private final BufferedImage image;
    private final Graphics2D paint;

    Drawing(int width, int height) {
      image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      paint = image.createGraphics();
      paint.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      paint.setColor(new Color(240, 240, 235));
      paint.fillRect(0, 0, width, height);
    }

    /** A seven that is {@code height} high, 0.7 times as wide, with the pen's width inside. */
    void drawSeven(Color ink, int left, int top, int height, int pen) {
      Path2D path = new Path2D.Double();
      path.moveTo(0, 0.05);
      path.lineTo(0.7, 0);
      path.curveTo(0.5, 0.3, 0.3, 0.6, 0.25, 1);
      double length = height - pen;
      AffineTransform place =
          new AffineTransform(length, 0, 0, length, left + pen / 2.0, top + pen / 2.0);
      paint.setColor(ink);
      paint.setStroke(new BasicStroke(pen, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      paint.draw(path.createTransformedShape(place));
    }

    void noise(int deviation) {
      Random random = new Random(11);
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          int shift = (int) Math.round(deviation * random.nextGaussian());
          Color color = new Color(image.getRGB(x, y));
          int r = Math.max(0, Math.min(255, color.getRed() + shift));
          int g = Math.max(0, Math.min(255, color.getGreen() + shift));
          int b = Math.max(0, Math.min(255, color.getBlue() + shift));
          image.setRGB(x, y, new Color(r, g, b).getRGB());
        }
      }
    }

    Image toImage() {
      int w = image.getWidth();
      byte[] rgb = new byte[w * image.getHeight() * 3];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (image.getRGB(i / 3 % w, i / 3 / w) >> (16 - 8 * (i % 3)));
      }
      return Image.fromBytes("RGB", w, image.getHeight(), rgb);
    }
  }
}
