package org.fastai4j.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Images of 8 bits a channel as PNG files. */
public final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private Png() {}

  /** Encodes {@code pixels}, rows from the top with interleaved channels, 1 (grey) or 3 (RGB). */
  public static byte[] encode(int width, int height, int channels, byte[] pixels) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("a PNG of " + channels + " channels: give 1 or 3");
    }
    int row = width * channels;
    if (pixels.length != row * height) {
      throw new IllegalArgumentException(
          pixels.length + " bytes are not an image of " + width + "x" + height + "x" + channels);
    }
    byte[] filtered = new byte[(row + 1) * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(pixels, y * row, filtered, y * (row + 1) + 1, row);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(filtered.length / 2 + 64);
    out.writeBytes(SIGNATURE);
    byte color = (byte) (channels == 1 ? 0 : 2);
    byte[] header = new byte[13];
    ByteBuffer.wrap(header).putInt(width).putInt(height).put((byte) 8).put(color);
    chunk(out, "IHDR", header);
    chunk(out, "IDAT", deflate(filtered));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] data) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(data);
      deflater.finish();
      byte[] out = new byte[data.length + data.length / 1000 + 64];
      int length = 0;
      while (!deflater.finished()) {
        length += deflater.deflate(out, length, out.length - length);
      }
      return Arrays.copyOf(out, length);
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    byte[] number = new byte[4];
    ByteBuffer.wrap(number).putInt(data.length);
    out.writeBytes(number);
    out.writeBytes(name);
    out.writeBytes(data);
    ByteBuffer.wrap(number).putInt((int) crc.getValue());
    out.writeBytes(number);
  }
}
