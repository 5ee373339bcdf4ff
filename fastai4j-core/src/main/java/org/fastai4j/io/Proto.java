package org.fastai4j.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.fastai4j.tensor.Tensor;

/**
 * A message of Google's protocol buffers that is only ever written.
 *
 * <p>Fields are appended in the order of the calls, each under its number. Tensors are not copied:
 * their elements go from where they are to the file.
 */
final class Proto {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** Byte buffers and tensors. */
  private final List<Object> parts = new ArrayList<>();

  private long size;

  Proto number(int field, long value) {
    return varint(((long) field << 3) | VARINT).varint(value);
  }

  Proto real(int field, float value) {
    varint(((long) field << 3) | FIXED32);
    return bytes(
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
  }

  Proto real(int field, double value) {
    varint(((long) field << 3) | FIXED64);
    return bytes(
        ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
  }

  Proto text(int field, String value) {
    byte[] utf8 = value.getBytes(UTF_8);
    return header(field, utf8.length).bytes(utf8);
  }

  Proto message(int field, Proto value) {
    return header(field, value.size).append(value);
  }

  /** The fields of {@code more} after those that are here. */
  Proto append(Proto more) {
    parts.addAll(more.parts);
    size += more.size;
    return this;
  }

  /** The elements of {@code value} in its order, little-endian, as one string of bytes. */
  Proto elements(int field, Tensor value) {
    long bytes = value.numel() * value.dtype().itemSize();
    header(field, bytes);
    parts.add(value);
    size += bytes;
    return this;
  }

  /** The size in bytes. */
  long size() {
    return size;
  }

  void writeTo(WritableByteChannel out) throws IOException {
    for (Object part : parts) {
      if (part instanceof Tensor t) {
        t.writeTo(out);
      } else {
        WholeFile.writeFully(out, ((ByteBuffer) part).duplicate());
      }
    }
  }

  private Proto header(int field, long length) {
    return varint(((long) field << 3) | BYTES).varint(length);
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. */
  private Proto varint(long value) {
    ByteBuffer out = ByteBuffer.allocate(10);
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.put((byte) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    out.put((byte) left);
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes(bytes);
  }

  private Proto bytes(byte... bytes) {
    parts.add(ByteBuffer.wrap(bytes));
    size += bytes.length;
    return this;
  }
}
