package org.fastai4j.plot;

import static org.fastai4j.io.Png.chunk;
import static org.fastai4j.io.Png.file;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * PNG files of figures: a palette where 256 colors do, RGB where they don't.
 *
 * <p>Not {@code ImageIO}: finding its plug-ins costs a cold JVM more than drawing the figure does,
 * and it writes three bytes a pixel where one is enough (docs/adr/0002-plots.md).
 */
final class Png {
  // Measured on figures: beyond these, files shrink little and time doubles.
  private static final int PALETTE_LEVEL = 6;
  private static final int RGB_LEVEL = 3;
  private static final int SLOTS = 1024;

  private Png() {}

  /** The file's bytes; {@code dpi} tells a printer the size. */
  static byte[] encode(Bitmap image, double dpi) {
    int perMeter = (int) Math.round(dpi / 0.0254);
    ByteBuffer size = ByteBuffer.allocate(9).putInt(perMeter).putInt(perMeter).put((byte) 1);
    byte[] physical = chunk("pHYs", size.array());
    int[] palette = new int[256];
    byte[] indexed = new byte[image.height * (1 + image.width)];
    int colors = index(image, indexed, palette);
    if (colors < 0) {
      return file(image.width, image.height, 2, upFiltered(image), RGB_LEVEL, physical);
    }
    byte[] table = new byte[3 * colors];
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) (palette[i / 3] >> (16 - 8 * (i % 3)));
    }
    byte[] plte = chunk("PLTE", table);
    return file(image.width, image.height, 3, indexed, PALETTE_LEVEL, physical, plte);
  }

  /** Writes palette rows into {@code rows}; the number of colors, or -1 if there are too many. */
  private static int index(Bitmap image, byte[] rows, int[] palette) {
    int[] keys = new int[SLOTS];
    byte[] values = new byte[SLOTS];
    Arrays.fill(keys, -1);
    int colors = 0;
    int last = -1;
    byte lastIndex = 0;
    int width = image.width;
    for (int y = 0; y < image.height; y++) {
      int at = y * (1 + width) + 1; // after the filter's number: 0, none
      if (isLikeTheRowAbove(image, y)) {
        System.arraycopy(rows, at - width - 1, rows, at, width);
        continue;
      }
      for (int x = 0; x < width; x++) {
        int p = image.at(x, y) & Colors.WHITE;
        if (p != last) {
          int slot = (p * 0x9E3779B1) >>> 22;
          while (keys[slot] != -1 && keys[slot] != p) {
            slot = (slot + 1) % SLOTS;
          }
          if (keys[slot] == -1) {
            if (colors == palette.length) {
              return -1;
            }
            keys[slot] = p;
            values[slot] = (byte) colors;
            palette[colors++] = p;
          }
          last = p;
          lastIndex = values[slot];
        }
        rows[at + x] = lastIndex;
      }
    }
    return colors;
  }

  /** RGB rows, each as its difference to the row above (PNG's filter 2). */
  private static byte[] upFiltered(Bitmap image) {
    int width = image.width;
    byte[] rows = new byte[image.height * (1 + 3 * width)];
    for (int y = 0; y < image.height; y++) {
      int at = y * (1 + 3 * width);
      rows[at++] = 2;
      if (isLikeTheRowAbove(image, y)) {
        continue;
      }
      for (int x = 0; x < width; x++) {
        int p = image.at(x, y);
        int above = y == 0 ? 0 : image.at(x, y - 1);
        if (p != above) {
          rows[at] = (byte) ((p >> 16) - (above >> 16));
          rows[at + 1] = (byte) ((p >> 8) - (above >> 8));
          rows[at + 2] = (byte) (p - above);
        }
        at += 3;
      }
    }
    return rows;
  }

  private static boolean isLikeTheRowAbove(Bitmap image, int y) {
    int from = y * image.width;
    int above = from - image.width;
    return y > 0 && Arrays.equals(image.rgb, from, from + image.width, image.rgb, above, from);
  }
}
