package org.fastai4j.plot;

/** Colored pixels, row by row from the top, each {@code 0xRRGGBB}; needs no AWT. */
final class Bitmap {
  final int width;
  final int height;
  final int[] rgb;

  Bitmap(int width, int height, int[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  int at(int x, int y) {
    return rgb[y * width + x];
  }

  /** This picture at another size: each new pixel is the mean of the old ones that it covers. */
  Bitmap resize(int newWidth, int newHeight) {
    int[] out = new int[newWidth * newHeight];
    for (int y = 0; y < newHeight; y++) {
      int y0 = (int) ((long) y * height / newHeight);
      int y1 = Math.max(y0 + 1, (int) ((y + 1L) * height / newHeight));
      for (int x = 0; x < newWidth; x++) {
        int x0 = (int) ((long) x * width / newWidth);
        int x1 = Math.max(x0 + 1, (int) ((x + 1L) * width / newWidth));
        out[y * newWidth + x] = mean(x0, x1, y0, y1);
      }
    }
    return new Bitmap(newWidth, newHeight, out);
  }

  private int mean(int x0, int x1, int y0, int y1) {
    long r = 0;
    long g = 0;
    long b = 0;
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        int p = at(x, y);
        r += (p >> 16) & 0xff;
        g += (p >> 8) & 0xff;
        b += p & 0xff;
      }
    }
    long n = (long) (x1 - x0) * (y1 - y0);
    return (int) ((((r + n / 2) / n) << 16) | (((g + n / 2) / n) << 8) | ((b + n / 2) / n));
  }
}
