package org.fastai4j.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Moves elements between tensors and Java's arrays, buffers, lists and streams. */
final class TensorData {
  private static final Cleaner CLEANER = Cleaner.create();

  private static final long PART = 1L << 30; // a ByteBuffer holds less than 2 GB

  private TensorData() {}

  // ---- in

  static Tensor fromArray(Object values, long... shape) {
    int n = Array.getLength(values);
    if (values instanceof char[] chars) {
      int[] codes = new int[n];
      for (int i = 0; i < n; i++) {
        codes[i] = chars[i];
      }
      return fromArray(codes, shape);
    }
    Tensor t = Tensor.empty(typeOf(values.getClass().getComponentType()), sizes(n, shape));
    if (n > 0) { // no elements, no memory to write to
      write(t, values);
    }
    return t;
  }

  private static void write(Tensor t, Object values) {
    org.bytedeco.pytorch.Tensor h = t.h();
    if (values instanceof float[] v) {
      h.data_ptr_float().put(v);
    } else if (values instanceof double[] v) {
      h.data_ptr_double().put(v);
    } else if (values instanceof int[] v) {
      h.data_ptr_int().put(v);
    } else if (values instanceof long[] v) {
      h.data_ptr_long().put(v);
    } else if (values instanceof short[] v) {
      h.data_ptr_short().put(v);
    } else if (values instanceof byte[] v) {
      h.data_ptr_byte().put(v);
    } else if (values instanceof boolean[] v) {
      byte[] bits = new byte[v.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = (byte) (v[i] ? 1 : 0);
      }
      new BytePointer(h.data_ptr()).put(bits);
    } else {
      throw notAnArray(values);
    }
  }

  static Tensor fromNested(Object values) {
    if (values instanceof Buffer b) { // of(buffer) without a shape means this method to javac
      return fromBuffer(b);
    }
    Class<?> type = values.getClass();
    if (!type.isArray()) {
      throw notAnArray(values);
    }
    if (type.getComponentType().isPrimitive()) {
      return fromArray(values);
    }
    int axes = 0;
    while (type.isArray()) {
      type = type.getComponentType();
      axes++;
    }
    if (!type.isPrimitive()) {
      throw notAnArray(values);
    }
    long[] shape = new long[axes];
    Object level = values;
    for (int i = 0; i < axes; i++) {
      shape[i] = Array.getLength(level);
      if (i + 1 < axes) {
        if (shape[i] == 0) {
          break;
        }
        level = Array.get(level, 0);
      }
    }
    Object flat = Array.newInstance(type, Math.toIntExact(Shape.of(shape).numel()));
    flatten(values, shape, 0, flat, 0);
    return fromArray(flat, shape);
  }

  private static int flatten(Object from, long[] shape, int axis, Object to, int at) {
    int n = Array.getLength(from);
    if (n != shape[axis]) {
      throw new TensorException(
          "of: the rows of axis "
              + axis
              + " differ in length: "
              + shape[axis]
              + " and "
              + n
              + "; a tensor's rows are all of one length");
    }
    if (axis == shape.length - 1) {
      System.arraycopy(from, 0, to, at, n);
      return at + n;
    }
    int next = at;
    for (int i = 0; i < n; i++) {
      next = flatten(Array.get(from, i), shape, axis + 1, to, next);
    }
    return next;
  }

  static Tensor fromBuffer(Buffer values, long... shape) {
    if (values instanceof FloatBuffer b) {
      float[] a = new float[b.remaining()];
      b.duplicate().get(a);
      return fromArray(a, shape);
    } else if (values instanceof DoubleBuffer b) {
      double[] a = new double[b.remaining()];
      b.duplicate().get(a);
      return fromArray(a, shape);
    } else if (values instanceof IntBuffer b) {
      int[] a = new int[b.remaining()];
      b.duplicate().get(a);
      return fromArray(a, shape);
    } else if (values instanceof LongBuffer b) {
      long[] a = new long[b.remaining()];
      b.duplicate().get(a);
      return fromArray(a, shape);
    } else if (values instanceof ShortBuffer b) {
      short[] a = new short[b.remaining()];
      b.duplicate().get(a);
      return fromArray(a, shape);
    } else if (values instanceof CharBuffer b) {
      char[] a = new char[b.remaining()];
      b.duplicate().get(a);
      return fromArray(a, shape);
    }
    ByteBuffer b = (ByteBuffer) values;
    byte[] a = new byte[b.remaining()];
    b.duplicate().get(a);
    return fromArray(a, shape);
  }

  /**
   * The buffers that tensors lie over: they must outlive every view, which only libtorch's own
   * count knows. A class of its own, since a callback opens the engine, which {@link Engine} has to
   * do.
   */
  private static final class Lent extends PointerConsumer {
    // One entry for each wrap, since the same memory may be wrapped twice.
    private static final Map<Long, Deque<Buffer>> BUFFERS = new HashMap<>();
    private static final Lent GIVE_BACK = new Lent();

    @Override
    public void call(Pointer data) {
      synchronized (BUFFERS) {
        Deque<Buffer> buffers = BUFFERS.get(data.address());
        if (buffers != null) {
          buffers.poll();
          if (buffers.isEmpty()) {
            BUFFERS.remove(data.address());
          }
        }
      }
    }
  }

  static Tensor wrap(Buffer direct, long... shape) {
    if (!direct.isDirect() || direct.isReadOnly()) {
      throw new TensorException(
          "wrap: needs a direct, writable buffer, such as ByteBuffer.allocateDirect makes; use"
              + " Tensor.of(buffer) to copy any other");
    }
    if (order(direct) != ByteOrder.nativeOrder()) {
      throw new TensorException(
          "wrap: the buffer's byte order is not this machine's; call order(ByteOrder.nativeOrder())"
              + " on the ByteBuffer before taking the view, or use Tensor.of(buffer)");
    }
    long[] sizes = sizes(direct.remaining(), shape);
    DType type = typeOf(direct);
    if (direct.remaining() == 0) {
      return Tensor.empty(type, sizes);
    }
    Engine.load();
    Buffer whole = direct.slice();
    try (Pointer data = pointer(whole);
        TensorOptions options = new TensorOptions(type.scalarType)) {
      synchronized (Lent.BUFFERS) {
        Lent.BUFFERS.computeIfAbsent(data.address(), k -> new ArrayDeque<>()).add(whole);
      }
      return Tensor.own(torch.from_blob(data, sizes, Lent.GIVE_BACK, options));
    }
  }

  private static Pointer pointer(Buffer b) {
    if (b instanceof FloatBuffer f) {
      return new FloatPointer(f);
    } else if (b instanceof DoubleBuffer d) {
      return new DoublePointer(d);
    } else if (b instanceof IntBuffer i) {
      return new IntPointer(i);
    } else if (b instanceof LongBuffer l) {
      return new LongPointer(l);
    } else if (b instanceof ShortBuffer s) {
      return new ShortPointer(s);
    }
    return new BytePointer((ByteBuffer) b);
  }

  static Tensor fromList(List<? extends Number> values) {
    boolean whole =
        !values.isEmpty()
            && values.stream()
                .allMatch(
                    v ->
                        v instanceof Long
                            || v instanceof Integer
                            || v instanceof Short
                            || v instanceof Byte);
    if (whole) {
      return fromArray(values.stream().mapToLong(Number::longValue).toArray());
    }
    float[] out = new float[values.size()];
    int i = 0;
    for (Number v : values) {
      out[i++] = v.floatValue();
    }
    return fromArray(out);
  }

  static Tensor fromStream(BaseStream<? extends Number, ?> values) {
    if (values instanceof IntStream s) {
      return fromArray(s.toArray());
    } else if (values instanceof LongStream s) {
      return fromArray(s.toArray());
    } else if (values instanceof DoubleStream s) {
      return fromArray(s.toArray());
    } else if (values instanceof Stream<?> s) {
      return fromList(s.map(Number.class::cast).toList());
    }
    throw notAnArray(values);
  }

  // ---- out

  static double item(Tensor t) {
    org.bytedeco.pytorch.Tensor h = t.h();
    return switch (t.dtype()) {
      case BOOL -> h.item_bool() ? 1 : 0;
      case INT64 -> h.item_long();
      default -> h.item_double();
    };
  }

  static float[] floats(Tensor t) {
    return Scope.compute(
        () -> {
          Tensor flat = flat(t, DType.FLOAT32);
          float[] out = new float[length(t)];
          if (out.length > 0) {
            flat.h().data_ptr_float().get(out);
          }
          return out;
        });
  }

  static double[] doubles(Tensor t) {
    return Scope.compute(
        () -> {
          Tensor flat = flat(t, DType.FLOAT64);
          double[] out = new double[length(t)];
          if (out.length > 0) {
            flat.h().data_ptr_double().get(out);
          }
          return out;
        });
  }

  static int[] ints(Tensor t) {
    return Scope.compute(
        () -> {
          Tensor flat = flat(t, DType.INT32);
          int[] out = new int[length(t)];
          if (out.length > 0) {
            flat.h().data_ptr_int().get(out);
          }
          return out;
        });
  }

  static long[] longs(Tensor t) {
    return Scope.compute(
        () -> {
          Tensor flat = flat(t, DType.INT64);
          long[] out = new long[length(t)];
          if (out.length > 0) {
            flat.h().data_ptr_long().get(out);
          }
          return out;
        });
  }

  static short[] shorts(Tensor t) {
    return Scope.compute(
        () -> {
          Tensor flat = flat(t, DType.INT16);
          short[] out = new short[length(t)];
          if (out.length > 0) {
            flat.h().data_ptr_short().get(out);
          }
          return out;
        });
  }

  static byte[] bytes(Tensor t) {
    return Scope.compute(
        () -> {
          Tensor flat = flat(t, t.dtype() == DType.INT8 ? DType.INT8 : DType.UINT8);
          byte[] out = new byte[length(t)];
          if (out.length > 0) {
            new BytePointer(flat.h().data_ptr()).get(out);
          }
          return out;
        });
  }

  static boolean[] booleans(Tensor t) {
    return Scope.compute(
        () -> {
          byte[] bits = bytes(t.ne(0).to(DType.UINT8));
          boolean[] out = new boolean[bits.length];
          for (int i = 0; i < bits.length; i++) {
            out[i] = bits[i] != 0;
          }
          return out;
        });
  }

  /** A contiguous copy or view on the CPU: the data of any other lies in some other order. */
  private static Tensor flat(Tensor t, DType type) {
    return t.detach().cpu().to(type).contiguous();
  }

  private static int length(Tensor t) {
    long n = t.numel();
    if (n > Integer.MAX_VALUE - 8) {
      throw new TensorException(
          "a Java array holds at most 2^31 elements, the tensor has " + n + "; take it in parts");
    }
    return (int) n;
  }

  static Object toNested(Tensor t) {
    Object flat =
        switch (t.dtype()) {
          case BOOL -> booleans(t);
          case UINT8, INT8 -> bytes(t);
          case INT16 -> shorts(t);
          case INT32 -> ints(t);
          case INT64 -> longs(t);
          case FLOAT64 -> doubles(t);
          case FLOAT16, BFLOAT16, FLOAT32 -> floats(t);
        };
    long[] shape = t.shape().toArray();
    return shape.length == 0 ? Array.get(flat, 0) : nest(flat, shape, 0, new int[1]);
  }

  private static Object nest(Object flat, long[] shape, int axis, int[] at) {
    int n = (int) shape[axis];
    Class<?> element = flat.getClass().getComponentType();
    if (axis == shape.length - 1) {
      Object row = Array.newInstance(element, n);
      System.arraycopy(flat, at[0], row, 0, n);
      at[0] += n;
      return row;
    }
    Class<?> rowType = element;
    for (int i = axis + 1; i < shape.length; i++) {
      rowType = rowType.arrayType();
    }
    Object rows = Array.newInstance(rowType, n);
    for (int i = 0; i < n; i++) {
      Array.set(rows, i, nest(flat, shape, axis + 1, at));
    }
    return rows;
  }

  static ByteBuffer asByteBuffer(Tensor t) {
    if (!t.isContiguous() || !t.device().equals(Device.CPU)) {
      throw new TensorException(
          "asByteBuffer: the tensor is not contiguous on the CPU; call cpu().contiguous() first");
    }
    long bytes = t.numel() * t.dtype().itemSize();
    if (bytes > Integer.MAX_VALUE) {
      throw new TensorException(
          "asByteBuffer: a buffer holds at most 2 GB, the tensor has "
              + bytes
              + " bytes; use narrow");
    }
    if (bytes == 0) {
      return ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
    }
    // A second handle on the same storage, closed when the buffer and its slices are unreachable.
    var second = new org.bytedeco.pytorch.Tensor(t.h());
    ByteBuffer buffer = new BytePointer(second.data_ptr()).capacity(bytes).asByteBuffer();
    CLEANER.register(buffer, second::close);
    return buffer.order(ByteOrder.nativeOrder());
  }

  static Tensor readFrom(Tensor t, ReadableByteChannel source) throws IOException {
    if (!t.isContiguous() || !t.device().equals(Device.CPU)) {
      throw new TensorException(
          "readFrom_: the tensor is not contiguous on the CPU; read into one that is and copy_");
    }
    inParts(
        t,
        part -> {
          if (source.read(part) < 0) {
            throw new EOFException("the source ends before the tensor is full");
          }
        });
    return t;
  }

  static void writeTo(Tensor t, WritableByteChannel sink) throws IOException {
    try (Scope s = Scope.open()) {
      inParts(t.detach().cpu().contiguous(), sink::write);
    }
  }

  static Tensor copyRows(Tensor t, Tensor source, long[] rows) {
    long[] shape = source.shape().toArray();
    if (shape.length > 0) {
      shape[0] = rows.length;
    }
    if (shape.length == 0 || !t.shape().equals(Shape.of(shape)) || t.dtype() != source.dtype()) {
      throw new TensorException(
          "copyRows_: %d rows of %s %s do not fit %s %s"
              .formatted(rows.length, source.shape(), source.dtype(), t.shape(), t.dtype()));
    }
    for (Tensor each : List.of(t, source)) {
      if (!each.isContiguous() || !each.device().equals(Device.CPU)) {
        throw new TensorException("copyRows_: needs contiguous tensors on the CPU");
      }
    }
    long n = source.size(0);
    long bytes = n == 0 ? 0 : source.numel() / n * source.dtype().itemSize();
    for (long row : rows) {
      if (row < 0 || row >= n) {
        throw new TensorException("copyRows_: there is no row %d of %d".formatted(row, n));
      }
    }
    if (rows.length > 0 && bytes > 0) {
      try (Pointer from = source.h().data_ptr();
          Pointer to = t.h().data_ptr()) {
        for (int i = 0; i < rows.length; i++) {
          Pointer.memcpy(to.position(i * bytes), from.position(rows[i] * bytes), bytes);
        }
      } finally {
        Reference.reachabilityFence(source);
        Reference.reachabilityFence(t);
      }
    }
    return t;
  }

  private interface Transfer {
    void move(ByteBuffer part) throws IOException;
  }

  // The buffers are over memory that goes with the tensor, so they must not leave this method.
  private static void inParts(Tensor t, Transfer transfer) throws IOException {
    long bytes = t.numel() * t.dtype().itemSize();
    try (Pointer data = bytes == 0 ? new Pointer() : t.h().data_ptr();
        BytePointer memory = new BytePointer(data)) {
      for (long at = 0; at < bytes; at += PART) {
        ByteBuffer part = memory.position(at).limit(Math.min(bytes, at + PART)).asByteBuffer();
        while (part.hasRemaining()) {
          transfer.move(part);
        }
      }
    } finally {
      Reference.reachabilityFence(t);
    }
  }

  // ---- both

  private static long[] sizes(long n, long... shape) {
    long[] sizes = shape.length == 0 ? new long[] {n} : shape;
    if (Shape.of(sizes).numel() != n) {
      throw new TensorException(
          "of: "
              + n
              + " elements do not fill shape "
              + Shape.of(sizes)
              + ", which has "
              + Shape.of(sizes).numel());
    }
    return sizes;
  }

  private static DType typeOf(Class<?> element) {
    if (element == float.class) {
      return DType.FLOAT32;
    } else if (element == double.class) {
      return DType.FLOAT64;
    } else if (element == int.class) {
      return DType.INT32;
    } else if (element == long.class) {
      return DType.INT64;
    } else if (element == short.class) {
      return DType.INT16;
    } else if (element == byte.class) {
      return DType.UINT8;
    }
    return DType.BOOL;
  }

  private static DType typeOf(Buffer b) {
    if (b instanceof FloatBuffer) {
      return DType.FLOAT32;
    } else if (b instanceof DoubleBuffer) {
      return DType.FLOAT64;
    } else if (b instanceof IntBuffer) {
      return DType.INT32;
    } else if (b instanceof LongBuffer) {
      return DType.INT64;
    } else if (b instanceof ShortBuffer) {
      return DType.INT16;
    } else if (b instanceof ByteBuffer) {
      return DType.UINT8;
    }
    throw new TensorException("wrap: no dtype for " + b.getClass().getSimpleName());
  }

  private static ByteOrder order(Buffer b) {
    if (b instanceof FloatBuffer f) {
      return f.order();
    } else if (b instanceof DoubleBuffer d) {
      return d.order();
    } else if (b instanceof IntBuffer i) {
      return i.order();
    } else if (b instanceof LongBuffer l) {
      return l.order();
    } else if (b instanceof ShortBuffer s) {
      return s.order();
    }
    return ByteOrder.nativeOrder(); // single bytes have none
  }

  private static TensorException notAnArray(Object values) {
    return new TensorException(
        "of: a tensor is made of arrays of primitives, nested or not, not of "
            + values.getClass().getSimpleName());
  }
}
