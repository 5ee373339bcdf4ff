package org.fastai4j.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * The PNG format: an encoder, and what its decoder ({@link PngDecoder}) shares with it.
 *
 * <p>Reference: W3C, Portable Network Graphics Specification, third edition.
 */
public final class Png {
  static final int SIGNATURE_LENGTH = 8;
  static final int IHDR = 0x49484452;
  static final int PLTE = 0x504C5445;
  static final int TRNS = 0x74524E53;
  static final int IDAT = 0x49444154;
  static final int EXIF = 0x65584966;
  static final int IEND = 0x49454E44;

  static final int NONE = 0;
  static final int SUB = 1;
  static final int UP = 2;
  static final int AVERAGE = 3;
  static final int PAETH = 4;

  /** Below this many bytes of pixels, choosing filters costs more than it saves. */
  private static final int WORTH_FILTERING = 4096;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private Png() {}

  /**
   * True if the first {@code length} bytes begin as a PNG does, or are the beginning of such a
   * beginning (a file cut off after three bytes is a truncated PNG).
   */
  public static boolean isPng(byte[] data, int length) {
    int n = Math.min(length, SIGNATURE_LENGTH);
    for (int i = 0; i < n; i++) {
      if (data[i] != SIGNATURE[i]) {
        return false;
      }
    }
    return n > 0;
  }

  /**
   * The PNG file of an 8-bit image.
   *
   * @param channels 1 for grey, 3 for RGB
   * @param pixels {@code [height, width, channels]}, row by row
   */
  public static byte[] encode(int width, int height, int channels, byte[] pixels) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "encode takes 1 channel (grey) or 3 (RGB), not " + channels);
    }
    if (width < 1 || height < 1 || (long) width * height * channels != pixels.length) {
      throw new IllegalArgumentException(
          "encode got %d bytes for %d x %d pixels of %d channels"
              .formatted(pixels.length, width, height, channels));
    }
    int stride = width * channels;
    int colorType = channels == 1 ? PngDecoder.GREY : PngDecoder.RGB;
    byte[] rows = filtered(stride, height, channels, pixels, false);
    byte[] file = file(width, height, colorType, rows, Deflater.BEST_COMPRESSION);
    if (pixels.length >= WORTH_FILTERING) {
      rows = filtered(stride, height, channels, pixels, true);
      byte[] adaptive = file(width, height, colorType, rows, Deflater.BEST_COMPRESSION);
      file = adaptive.length < file.length ? adaptive : file;
    }
    return file;
  }

  /** A part of a PNG file, such as {@code PLTE}: length, type, body and checksum. */
  public static byte[] chunk(String type, byte[] body) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(body);
    ByteBuffer chunk = ByteBuffer.allocate(12 + body.length).putInt(body.length);
    return chunk.put(name).put(body).putInt((int) crc.getValue()).array();
  }

  /**
   * The PNG file of rows that are filtered already.
   *
   * @param colorType 0 grey, 2 RGB, 3 palette, 8 bits a sample each
   * @param rows each with its filter's number in front
   * @param level of compression, 0 to 9
   * @param before the chunks that come before the pixels, such as the palette
   */
  public static byte[] file(
      int width, int height, int colorType, byte[] rows, int level, byte[]... before) {
    ByteArrayOutputStream file = new ByteArrayOutputStream(rows.length / 8 + 1024);
    file.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) 8).put((byte) colorType);
    file.writeBytes(chunk("IHDR", header.array()));
    for (byte[] chunk : before) {
      file.writeBytes(chunk);
    }
    file.writeBytes(chunk("IDAT", deflate(rows, level)));
    file.writeBytes(chunk("IEND", new byte[0]));
    return file.toByteArray();
  }

  private static byte[] deflate(byte[] rows, int level) {
    Deflater deflater = new Deflater(level);
    try {
      deflater.setInput(rows);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(rows.length / 8 + 64);
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /** Each row with its filter's number in front; {@code adaptive} picks the filter row by row. */
  private static byte[] filtered(
      int stride, int height, int channels, byte[] pixels, boolean adaptive) {
    byte[] out = new byte[(stride + 1) * height];
    byte[] row = new byte[stride];
    for (int y = 0; y < height; y++) {
      int at = y * (stride + 1);
      long best = Long.MAX_VALUE;
      for (int filter = NONE; filter <= (adaptive ? PAETH : NONE); filter++) {
        long cost = filter(filter, pixels, y * stride, stride, channels, row);
        if (cost < best) {
          best = cost;
          out[at] = (byte) filter;
          System.arraycopy(row, 0, out, at + 1, stride);
        }
      }
    }
    return out;
  }

  /** Filters one row and returns the sum of its absolute values: small sums compress well. */
  static long filter(int filter, byte[] pixels, int start, int stride, int bpp, byte[] row) {
    long sum = 0;
    for (int i = 0; i < stride; i++) {
      int left = i < bpp ? 0 : pixels[start + i - bpp] & 0xFF;
      int up = start == 0 ? 0 : pixels[start + i - stride] & 0xFF;
      int corner = i < bpp || start == 0 ? 0 : pixels[start + i - stride - bpp] & 0xFF;
      int guess =
          switch (filter) {
            case SUB -> left;
            case UP -> up;
            case AVERAGE -> (left + up) >> 1;
            case PAETH -> paeth(left, up, corner);
            default -> 0;
          };
      row[i] = (byte) (pixels[start + i] - guess);
      sum += Math.abs(row[i]);
    }
    return sum;
  }

  /** Of the three neighbours, the one nearest to {@code left + up - corner}. */
  static int paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
