package org.fastai4j.plot;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** What tests see in a picture. */
final class Pictures {
  static final int FRAME = 0x555555;

  /** A box of pixels, its ends included. */
  record Box(int left, int top, int right, int bottom) {
    int width() {
      return right - left + 1;
    }

    int height() {
      return bottom - top + 1;
    }

    double middleX() {
      return (left + right) / 2.0;
    }

    double middleY() {
      return (top + bottom) / 2.0;
    }
  }

  private Pictures() {}

  static BufferedImage decode(byte[] png) {
    try {
      return ImageIO.read(new ByteArrayInputStream(png));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }

  /** The smallest box around all pixels of this color. */
  static Box around(BufferedImage image, int color) {
    return around(image, color, new Box(0, 0, image.getWidth() - 1, image.getHeight() - 1));
  }

  static Box around(BufferedImage image, int color, Box within) {
    int left = Integer.MAX_VALUE;
    int top = Integer.MAX_VALUE;
    int right = -1;
    int bottom = -1;
    for (int y = within.top; y <= within.bottom; y++) {
      for (int x = within.left; x <= within.right; x++) {
        if (rgb(image, x, y) == color) {
          left = Math.min(left, x);
          top = Math.min(top, y);
          right = Math.max(right, x);
          bottom = Math.max(bottom, y);
        }
      }
    }
    if (right < 0) {
      throw new AssertionError("no pixel of color " + Integer.toHexString(color));
    }
    return new Box(left, top, right, bottom);
  }

  static int count(BufferedImage image, int color) {
    int n = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        n += rgb(image, x, y) == color ? 1 : 0;
      }
    }
    return n;
  }

  /** The plots' boxes from left to right, their frames' lines included. */
  static List<Box> frames(BufferedImage image) {
    List<Box> frames = new ArrayList<>();
    Box all = around(image, FRAME);
    int x = all.left;
    while (x <= all.right) {
      int run = 0;
      int top = -1;
      for (int y = 0; y < image.getHeight(); y++) {
        if (rgb(image, x, y) == FRAME) {
          top = run == 0 ? y : top;
          run++;
        } else if (run < 100) {
          run = 0;
        }
      }
      if (run < 100) {
        x++;
        continue;
      }
      int right = x;
      while (right + 1 < image.getWidth() && rgb(image, right + 1, top) == FRAME) {
        right++;
      }
      // Just inside the frame, where no tick makes its line longer.
      Box inside = around(image, FRAME, new Box(x + 4, 0, x + 4, image.getHeight() - 1));
      int bottom = inside.bottom;
      frames.add(new Box(x, top, right, bottom));
      x = right + 1;
    }
    return frames;
  }
}
