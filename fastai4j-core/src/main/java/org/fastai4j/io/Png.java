package org.fastai4j.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
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
    byte[] body = deflate(filtered(width * channels, height, channels, pixels, false));
    if (pixels.length >= WORTH_FILTERING) {
      byte[] adaptive = deflate(filtered(width * channels, height, channels, pixels, true));
      body = adaptive.length < body.length ? adaptive : body;
    }
    ByteBuffer file = ByteBuffer.allocate(SIGNATURE_LENGTH + 25 + 12 + body.length + 12);
    file.put(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) 8).put((byte) (channels == 1 ? 0 : 2));
    putChunk(file, IHDR, header.array());
    putChunk(file, IDAT, body);
    putChunk(file, IEND, new byte[0]);
    return file.array();
  }

  private static void putChunk(ByteBuffer file, int type, byte[] body) {
    int start = file.putInt(body.length).position();
    file.putInt(type).put(body);
    CRC32 crc = new CRC32();
    crc.update(file.duplicate().limit(start + 4 + body.length).position(start));
    file.putInt((int) crc.getValue());
  }

  private static byte[] deflate(byte[] rows) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(rows);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(rows.length / 2 + 64);
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
