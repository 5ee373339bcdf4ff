package org.fastai4j.vision;

import org.fastai4j.data.DataException;

/**
 * A digit as MNIST has it, made from a photograph, a scan or a drawing of one.
 *
 * <p>MNIST's digits are light on black, scaled to fit a box of 20 x 20 with their proportions kept,
 * and laid into 28 x 28 so that their center of mass is at pixel (14, 14).
 *
 * <p>Reference: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
 * recognition, 1998, section III.A.
 */
public final class DigitImage {
  private static final int SIZE = 28;
  private static final int BOX = 20;
  private static final int CENTER = 14;

  /** Larger pictures are shrunk to this first: a digit needs no more. */
  private static final int LARGEST = 1024;

  /** MNIST's pen, as a share of the box; and the share below which a pen is called thin. */
  private static final double PEN = 0.12;

  private static final double THIN_PEN = 0.09;

  private DigitImage() {}

  /**
   * The digit in a picture of any size, dark on light or light on dark, as 28 x 28 grey.
   *
   * <p>A picture that is as MNIST's are comes back as it is. Otherwise: the paper (also one in
   * uneven light) is taken off, specks are dropped, thin strokes are thickened so that they survive
   * the shrinking, and the rest is boxed and centered.
   *
   * @throws DataException if there is nothing to see in it
   */
  public static Image prepare(Image image) {
    Image grey = image.convert("L");
    if (isPrepared(grey)) {
      return grey;
    }
    Ink ink = Ink.find(shrunk(image)).cropped(0.3f);
    double side = Math.max(ink.width(), ink.height());
    double pen = ink.strokeWidth();
    if (pen < THIN_PEN * side) {
      ink = ink.thickened((PEN * side - pen) / 2).cropped(0.3f);
    }
    return centered(boxed(ink));
  }

  /** True for what MNIST's own images have in common: black paper, a box of 20, centered. */
  private static boolean isPrepared(Image grey) {
    if (grey.width() != SIZE || grey.height() != SIZE) {
      return false;
    }
    byte[] pixels = grey.pixels();
    int left = SIZE;
    int right = -1;
    int top = SIZE;
    int bottom = -1;
    int black = 0;
    int brightest = 0;
    for (int i = 0; i < pixels.length; i++) {
      int value = pixels[i] & 0xFF;
      if (value == 0) {
        black++;
        continue;
      }
      brightest = Math.max(brightest, value);
      left = Math.min(left, i % SIZE);
      right = Math.max(right, i % SIZE);
      top = Math.min(top, i / SIZE);
      bottom = i / SIZE;
    }
    int side = Math.max(right - left, bottom - top) + 1;
    double[] center = centerOfMass(grey);
    return black > SIZE * SIZE * 2 / 5
        && brightest > 128
        && side <= BOX
        && side >= BOX - 2
        && Math.abs(center[0] - CENTER) < 1
        && Math.abs(center[1] - CENTER) < 1;
  }

  private static Image shrunk(Image image) {
    double factor = (double) LARGEST / Math.max(image.width(), image.height());
    return factor >= 1 ? image : scaled(image, factor);
  }

  private static Image scaled(Image image, double factor) {
    int width = (int) Math.max(1, Math.round(image.width() * factor));
    int height = (int) Math.max(1, Math.round(image.height() * factor));
    return image.resize(width, height);
  }

  /** Scaled so that the longer side is 20, and the brightest pixel 255. */
  private static Image boxed(Ink ink) {
    Image small = scaled(ink.toImage(), (double) BOX / Math.max(ink.width(), ink.height()));
    byte[] out = small.toBytes();
    int brightest = 1;
    for (byte b : out) {
      brightest = Math.max(brightest, b & 0xFF);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) ((out[i] & 0xFF) * 255 / brightest);
    }
    return Image.fromBytes("L", small.width(), small.height(), out);
  }

  private static Image centered(Image digit) {
    double[] center = centerOfMass(digit);
    int left = offset(center[0], digit.width());
    int top = offset(center[1], digit.height());
    byte[] out = new byte[SIZE * SIZE];
    for (int y = 0; y < digit.height(); y++) {
      System.arraycopy(
          digit.pixels(), y * digit.width(), out, (top + y) * SIZE + left, digit.width());
    }
    return Image.fromBytes("L", SIZE, SIZE, out);
  }

  private static int offset(double center, int length) {
    return (int) Math.max(0, Math.min(SIZE - length, Math.round(CENTER - center)));
  }

  /** In pixels, {@code {x, y}}. */
  private static double[] centerOfMass(Image grey) {
    double mass = 0;
    double x = 0;
    double y = 0;
    byte[] pixels = grey.pixels();
    for (int i = 0; i < pixels.length; i++) {
      int value = pixels[i] & 0xFF;
      int row = i / grey.width();
      mass += value;
      x += (double) value * (i % grey.width());
      y += (double) value * row;
    }
    return new double[] {x / Math.max(1, mass), y / Math.max(1, mass)};
  }
}
