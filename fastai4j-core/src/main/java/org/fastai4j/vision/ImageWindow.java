package org.fastai4j.vision;

/** Parts of pictures, and pictures turned and mirrored: exact, no pixel is computed. */
final class ImageWindow {
  private ImageWindow() {}

  /** What is seen from {@code (left, top)}, which may lie outside, as may the far corner. */
  static Image cut(Image image, int left, int top, int width, int height, PadMode padMode) {
    if (left >= 0 && top >= 0 && left + width <= image.width() && top + height <= image.height()) {
      return image.crop(left, top, width, height);
    }
    int[] columns = new int[width];
    for (int x = 0; x < width; x++) {
      columns[x] = padMode.index(left + x, image.width());
    }
    int channels = image.channels();
    byte[] in = image.pixels();
    byte[] out = new byte[width * height * channels];
    for (int y = 0; y < height; y++) {
      int row = padMode.index(top + y, image.height());
      for (int x = 0; x < width && row >= 0; x++) {
        if (columns[x] >= 0) {
          int from = (row * image.width() + columns[x]) * channels;
          System.arraycopy(in, from, out, (y * width + x) * channels, channels);
        }
      }
    }
    return Image.flattened(width, height, channels, out);
  }

  /** The part of this size about the center, what lies outside being black. */
  static Image center(Image image, int width, int height) {
    int left = Math.floorDiv(image.width() - width, 2);
    int top = Math.floorDiv(image.height() - height, 2);
    return cut(image, left, top, width, height, PadMode.ZEROS);
  }

  /**
   * One of the eight ways to lay a picture on a square table: 0 as it is, 1 mirrored, 2 upside
   * down, 3 to 5 turned counterclockwise by 90, 180, 270 degrees, 6 rows for columns, 7 both other
   * ways.
   */
  static Image dihedral(Image image, int k) {
    if (k == 0) {
      return image;
    }
    boolean swapped = k == 3 || k >= 5;
    boolean mirrored = k == 1 || k == 3 || k == 4 || k == 7;
    boolean flipped = k == 2 || k == 4 || k == 5 || k == 7;
    int width = swapped ? image.height() : image.width();
    int height = swapped ? image.width() : image.height();
    int channels = image.channels();
    byte[] in = image.pixels();
    byte[] out = new byte[in.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = swapped ? y : x;
        int row = swapped ? x : y;
        column = mirrored ? image.width() - 1 - column : column;
        row = flipped ? image.height() - 1 - row : row;
        int from = (row * image.width() + column) * channels;
        int to = (y * width + x) * channels;
        for (int c = 0; c < channels; c++) {
          out[to + c] = in[from + c];
        }
      }
    }
    return Image.flattened(width, height, channels, out);
  }
}
