package org.fastai4j.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;

/**
 * One array in NumPy's {@code .npy} format.
 *
 * <p>Reads versions 1.0 to 3.0, either byte order and either order of the axes, of bool, 8- to
 * 64-bit integers that PyTorch has, and 16- to 64-bit floats; an array of objects is refused, since
 * reading one runs code. Writes what {@code numpy.load} reads.
 *
 * <pre>{@code
 * Npy.save(path, Tensor.arange(6).view(2, 3));
 * Tensor t = Npy.load(path); // int64 [2, 3]
 * }</pre>
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  private static final Map<String, DType> DTYPES =
      Map.of(
          "b1", DType.BOOL,
          "u1", DType.UINT8,
          "i1", DType.INT8,
          "i2", DType.INT16,
          "i4", DType.INT32,
          "i8", DType.INT64,
          "f2", DType.FLOAT16,
          "f4", DType.FLOAT32,
          "f8", DType.FLOAT64);

  private Npy() {}

  /** Writes a tensor, whole or not at all, as version 1.0 in the order of its axes. */
  public static void save(Path file, Tensor tensor) {
    byte[] header = header(tensor.dtype(), tensor.shape());
    WholeFile.write(
        file,
        out -> {
          WholeFile.writeFully(out, ByteBuffer.wrap(header));
          tensor.writeTo(out);
        });
  }

  private static byte[] header(DType dtype, Shape shape) {
    String code =
        DTYPES.entrySet().stream()
            .filter(e -> e.getValue() == dtype)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "NumPy has no " + dtype + "; call toFloat() before saving"));
    String sizes =
        LongStream.of(shape.toArray()).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String text =
        "{'descr': '"
            + (dtype.itemSize() == 1 ? "|" : "<")
            + code
            + "', 'fortran_order': False, 'shape': ("
            + sizes
            + (shape.dim() == 1 ? ",), }" : "), }");
    int prefix = MAGIC.length + 4;
    int length = (prefix + text.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT - prefix;
    return ByteBuffer.allocate(prefix + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) length)
        .put((text + " ".repeat(length - text.length() - 1) + "\n").getBytes(ISO_8859_1))
        .array();
  }

  /**
   * Reads an array.
   *
   * @throws FormatException if the file is not a proper one, or has a type that tensors do not
   */
  public static Tensor load(Path file) {
    return WholeFile.read(file, in -> load(file, in));
  }

  private static Tensor load(Path file, FileChannel in) throws IOException {
    long size = in.size();
    if (size < MAGIC.length + 4) {
      throw new FormatException(file, "has " + size + " bytes, too few for an .npy file");
    }
    ByteBuffer start = ByteBuffer.wrap(WholeFile.readFully(file, in, MAGIC.length + 2));
    byte[] magic = new byte[MAGIC.length];
    start.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new FormatException(file, "does not begin with \\x93NUMPY; it is no .npy file");
    }
    int version = start.get();
    if (version < 1 || version > 3) {
      throw new FormatException(file, "is of version " + version + "; 1 to 3 are known");
    }
    int lengthBytes = version == 1 ? 2 : 4;
    if (size < in.position() + lengthBytes) {
      throw new FormatException(file, "ends before its header");
    }
    ByteBuffer lengthField =
        ByteBuffer.wrap(WholeFile.readFully(file, in, lengthBytes)).order(ByteOrder.LITTLE_ENDIAN);
    long length =
        version == 1
            ? Short.toUnsignedInt(lengthField.getShort())
            : Integer.toUnsignedLong(lengthField.getInt());
    if (length > size - in.position() || length > Integer.MAX_VALUE) {
      throw new FormatException(
          file, "gives its header " + length + " bytes, " + (size - in.position()) + " follow");
    }
    Charset charset = version == 3 ? UTF_8 : ISO_8859_1;
    String text = new String(WholeFile.readFully(file, in, (int) length), charset);
    return read(file, in, new NpyHeader.Parser(file, text).parse());
  }

  private static Tensor read(Path file, FileChannel in, NpyHeader header) throws IOException {
    String descr = header.descr();
    DType dtype = descr.isEmpty() ? null : DTYPES.get(descr.substring(1));
    if (dtype == null || "<>|=".indexOf(descr.charAt(0)) < 0) {
      throw new FormatException(
          file,
          "holds elements of type '"
              + descr
              + "'; tensors have bool, uint8, int8 to int64 and float16 to float64: convert with"
              + " astype in NumPy");
    }
    boolean swap = descr.charAt(0) == '>' && dtype.itemSize() > 1;
    long[] shape = header.shape().toArray();
    long[] stored = header.fortranOrder() ? reversed(shape) : shape;
    long bytes = dtype.itemSize();
    try {
      for (long n : stored) {
        bytes = Math.multiplyExact(bytes, n);
      }
    } catch (ArithmeticException e) {
      throw new FormatException(file, "has the impossible shape " + header.shape(), e);
    }
    long left = in.size() - in.position();
    if (bytes != left) {
      throw new FormatException(
          file,
          dtype
              + " "
              + header.shape()
              + " takes "
              + bytes
              + " bytes, but "
              + left
              + " follow the header");
    }
    long data = in.position();
    long items = bytes / dtype.itemSize();
    return Scope.compute(
        () -> {
          Tensor t;
          if (swap) {
            Tensor raw = Tensor.empty(DType.UINT8, items, dtype.itemSize());
            t = WholeFile.fill(file, in, data, raw).flip(1).view(dtype).view(stored);
          } else if (dtype == DType.BOOL) { // whose byte must be 0 or 1 for libtorch
            t = WholeFile.fill(file, in, data, Tensor.empty(DType.UINT8, stored)).ne(0);
          } else {
            t = WholeFile.fill(file, in, data, Tensor.empty(dtype, stored));
          }
          return header.fortranOrder() ? t.permute(backwards(stored.length)).contiguous() : t;
        });
  }

  private static long[] reversed(long[] shape) {
    long[] out = new long[shape.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = shape[shape.length - 1 - i];
    }
    return out;
  }

  private static int[] backwards(int axes) {
    int[] out = new int[axes];
    for (int i = 0; i < axes; i++) {
      out[i] = axes - 1 - i;
    }
    return out;
  }
}
