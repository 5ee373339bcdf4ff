package org.fastai4j.tensor;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptionalList;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers with any number of axes, on any device, that remembers how it was computed.
 *
 * <p>Methods have PyTorch's names in lowerCamelCase, its argument order and its defaults; those
 * that change the tensor itself end in an underscore. A method returns a new tensor, or a view of
 * this one where PyTorch does. A wrong shape or dtype throws {@link TensorException}, which names
 * the operation, the operands and, where it can, the mend.
 *
 * <p>Numbers given to an operation are {@code double}; on a tensor of whole numbers a whole number
 * counts as one, so that {@code Tensor.arange(3).mul(2)} stays int64.
 *
 * <p>Users never close a tensor: {@link Scope} and the garbage collector do.
 */
public final class Tensor {
  /** What {@code max(dim)}, {@code topk} and {@code sort} give: values and where they were. */
  public record ValuesIndices(Tensor values, Tensor indices) {}

  /** What {@code unique} gives: the values, each element's place among them, and their counts. */
  public record Unique(Tensor values, Tensor inverse, Tensor counts) {}

  /** What {@code lstm} and {@code gru} give: every step's output, and the state after the last. */
  public record Recurrent(Tensor output, List<Tensor> state) {}

  private org.bytedeco.pytorch.@Nullable Tensor handle;
  private @Nullable Scope owner;
  private Cleaner.@Nullable Cleanable watched;
  private final DType dtype;
  private long[] closedShape = {};
  private volatile @Nullable Parts parts;

  private Tensor(org.bytedeco.pytorch.Tensor handle) {
    this.handle = handle;
    this.dtype = DType.of(handle.scalar_type());
    Memory.born();
    Scope scope = Scope.current();
    if (scope == null) {
      watched = Memory.watch(this, handle);
    } else {
      owner = scope;
      scope.add(this);
    }
  }

  // ---- the seam

  private interface Unary {
    org.bytedeco.pytorch.Tensor apply(org.bytedeco.pytorch.Tensor a);
  }

  private interface Binary {
    org.bytedeco.pytorch.Tensor apply(org.bytedeco.pytorch.Tensor a, org.bytedeco.pytorch.Tensor b);
  }

  private interface WithScalar {
    org.bytedeco.pytorch.Tensor apply(org.bytedeco.pytorch.Tensor a, Scalar b);
  }

  private interface Nullary {
    org.bytedeco.pytorch.Tensor apply(TensorOptions options);
  }

  private interface Pair {
    T_TensorTensor_T apply(org.bytedeco.pytorch.Tensor a);
  }

  /** The engine's handle; throws if the tensor was closed. */
  org.bytedeco.pytorch.Tensor h() {
    org.bytedeco.pytorch.Tensor h = handle;
    if (h == null) {
      throw new TensorException(
          "tensor "
              + Shape.of(closedShape)
              + " "
              + dtype
              + " was closed with its scope; return it from Scope.compute or call Scope.keep");
    }
    return h;
  }

  static Tensor own(org.bytedeco.pytorch.Tensor handle) {
    return new Tensor(handle);
  }

  /** Runs {@code call} and turns what the engine throws into a message that names the operands. */
  static <T> T guard(String name, Supplier<T> call, Tensor... operands) {
    try {
      return call.get();
    } catch (TensorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, operands);
    }
  }

  private Tensor op(String name, Unary f) {
    try {
      return new Tensor(f.apply(h()));
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, this);
    }
  }

  private Tensor op(String name, Tensor b, Binary f) {
    try {
      return new Tensor(f.apply(h(), b.h()));
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, this, b);
    }
  }

  private Tensor op(String name, double b, WithScalar f) {
    try {
      return new Tensor(f.apply(h(), number(b)));
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, this);
    }
  }

  private Tensor inPlace(String name, Unary f) {
    try {
      f.apply(h());
      return this;
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, this);
    }
  }

  private Tensor inPlace(String name, Tensor b, Binary f) {
    try {
      f.apply(h(), b.h());
      return this;
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, this, b);
    }
  }

  private Tensor inPlace(String name, double b, WithScalar f) {
    try {
      f.apply(h(), number(b));
      return this;
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, this);
    }
  }

  private ValuesIndices pair(String name, Pair f) {
    return guard(
        name,
        () -> {
          try (T_TensorTensor_T two = f.apply(h())) {
            return new ValuesIndices(copy(two.get0()), copy(two.get1()));
          }
        },
        this);
  }

  // Every tensor begins in one of the methods that load the engine: thrown from a class
  // initializer,
  // what is wrong would be buried in an ExceptionInInitializerError.
  private static Tensor create(String name, DType dtype, Nullary f) {
    Engine.load();
    try (TensorOptions options = new TensorOptions(dtype.scalarType)) {
      return new Tensor(f.apply(options));
    } catch (RuntimeException e) {
      throw Errors.explain(name, e);
    }
  }

  // What comes out of a tuple, a vector or grad() is a view of memory that goes with it.
  private static Tensor copy(org.bytedeco.pytorch.Tensor borrowed) {
    return new Tensor(new org.bytedeco.pytorch.Tensor(borrowed));
  }

  static TensorVector vector(Collection<Tensor> tensors) {
    return new TensorVector(
        tensors.stream().map(Tensor::h).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }

  static List<Tensor> list(TensorVector v) {
    List<Tensor> out = new ArrayList<>((int) v.size());
    for (long i = 0; i < v.size(); i++) {
      out.add(copy(v.get(i)));
    }
    return out;
  }

  /** As {@link #list}, with nothing for a tensor that is undefined. */
  static List<Optional<Tensor>> optionals(TensorVector v) {
    List<Optional<Tensor>> out = new ArrayList<>((int) v.size());
    for (long i = 0; i < v.size(); i++) {
      org.bytedeco.pytorch.Tensor t = v.get(i);
      out.add(t.defined() ? Optional.of(copy(t)) : Optional.empty());
    }
    return out;
  }

  private static Tensor join(
      String name, List<Tensor> tensors, Function<TensorVector, org.bytedeco.pytorch.Tensor> f) {
    if (tensors.isEmpty()) {
      throw new TensorException(name + ": the list of tensors is empty");
    }
    return guard(
        name,
        () -> {
          try (TensorVector v = vector(tensors)) {
            return new Tensor(f.apply(v));
          }
        },
        tensors.toArray(Tensor[]::new));
  }

  private Scalar number(double value) {
    return Numbers.get(value, !dtype.isFloatingPoint());
  }

  private static long[] longs(int... dims) {
    long[] out = new long[dims.length];
    for (int i = 0; i < dims.length; i++) {
      out[i] = dims[i];
    }
    return out;
  }

  private static TensorOptional optional(@Nullable Tensor t) {
    return t == null ? new TensorOptional() : new TensorOptional(t.h());
  }

  @Nullable Scope owner() {
    return owner;
  }

  /** Changes who frees the tensor: a scope, or with null the garbage collector. */
  void moveTo(@Nullable Scope scope) {
    if (owner == scope) {
      return;
    }
    owner = scope;
    if (scope != null) {
      scope.add(this);
    } else if (watched == null) {
      watched = Memory.watch(this, h());
    }
  }

  void close() {
    org.bytedeco.pytorch.Tensor h = handle;
    if (h == null) {
      return;
    }
    closedShape = h.shape();
    handle = null;
    dropParts();
    if (watched != null) {
      watched.clean();
    } else {
      h.close();
      Memory.freed();
    }
  }

  // ---- making tensors

  /** A tensor of these values, with the given shape or, without one, with one axis. */
  public static Tensor of(float[] values, long... shape) {
    return TensorData.fromArray(values, shape);
  }

  /** A float64 tensor of these values; see {@link #of(float[], long...)}. */
  public static Tensor of(double[] values, long... shape) {
    return TensorData.fromArray(values, shape);
  }

  /** An int32 tensor of these values; see {@link #of(float[], long...)}. */
  public static Tensor of(int[] values, long... shape) {
    return TensorData.fromArray(values, shape);
  }

  /** An int64 tensor of these values; see {@link #of(float[], long...)}. */
  public static Tensor of(long[] values, long... shape) {
    return TensorData.fromArray(values, shape);
  }

  /** An int16 tensor of these values; see {@link #of(float[], long...)}. */
  public static Tensor of(short[] values, long... shape) {
    return TensorData.fromArray(values, shape);
  }

  /**
   * A uint8 tensor of these bits, as images hold them: byte -1 is 255. See {@link #of(float[],
   * long...)}.
   */
  public static Tensor of(byte[] values, long... shape) {
    return TensorData.fromArray(values, shape);
  }

  /** A bool tensor of these values; see {@link #of(float[], long...)}. */
  public static Tensor of(boolean[] values, long... shape) {
    return TensorData.fromArray(values, shape);
  }

  /** An int32 tensor of the characters' codes; see {@link #of(float[], long...)}. */
  public static Tensor of(char[] values, long... shape) {
    return TensorData.fromArray(values, shape);
  }

  /**
   * A tensor of a nested Java array, such as {@code float[][]}, with an axis for each level.
   *
   * @throws TensorException if rows differ in length, or it is no array of primitives
   */
  public static Tensor of(Object nestedArray) {
    return TensorData.fromNested(nestedArray);
  }

  /** A copy of the buffer's remaining elements; a {@code ByteBuffer} gives uint8. */
  public static Tensor of(Buffer values, long... shape) {
    return TensorData.fromBuffer(values, shape);
  }

  /**
   * A tensor over the memory of a direct buffer's remaining elements, without a copy: a change to
   * one is seen in the other. The memory lives as long as the tensor or any view of it.
   */
  public static Tensor wrap(Buffer direct, long... shape) {
    return TensorData.wrap(direct, shape);
  }

  /** A tensor of a list's numbers: int64 if all are whole number types, else float32. */
  public static Tensor of(List<? extends Number> values) {
    return TensorData.fromList(values);
  }

  /** A tensor of a stream's numbers: int32, int64 or float64. */
  public static Tensor of(BaseStream<? extends Number, ?> values) {
    return TensorData.fromStream(values);
  }

  /** A float32 tensor with no axes. */
  public static Tensor scalar(double value) {
    return full(value);
  }

  /** A float32 tensor filled with zeros. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  /** A tensor filled with zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    return create("zeros", dtype, o -> torch.zeros(shape, o));
  }

  /** A float32 tensor filled with ones. */
  public static Tensor ones(long... shape) {
    return ones(DType.FLOAT32, shape);
  }

  /** A tensor filled with ones. */
  public static Tensor ones(DType dtype, long... shape) {
    return create("ones", dtype, o -> torch.ones(shape, o));
  }

  /** A tensor whose elements are not set yet. */
  public static Tensor empty(DType dtype, long... shape) {
    return create("empty", dtype, o -> torch.empty(shape, o, None.FORMAT));
  }

  /** A float32 tensor filled with {@code value}. */
  public static Tensor full(double value, long... shape) {
    return full(DType.FLOAT32, value, shape);
  }

  /** A tensor filled with {@code value}. */
  public static Tensor full(DType dtype, double value, long... shape) {
    Engine.load();
    try (Scalar s = new Scalar(value)) {
      return create("full", dtype, o -> torch.full(shape, s, o));
    }
  }

  /** A tensor of zeros with this one's shape, dtype and device. */
  public Tensor zerosLike() {
    return op("zeros_like", h -> torch.zeros_like(h));
  }

  /** A tensor of ones with this one's shape, dtype and device. */
  public Tensor onesLike() {
    return op("ones_like", h -> torch.ones_like(h));
  }

  /** Whole numbers from 0 up to but not including {@code end}: int64 {@code [end]}. */
  public static Tensor arange(long end) {
    return arange(0, end, 1);
  }

  /** Whole numbers from {@code start} up to but not including {@code end}, int64. */
  public static Tensor arange(long start, long end) {
    return arange(start, end, 1);
  }

  /**
   * Whole numbers from {@code start} by {@code step} up to but not including {@code end}, int64.
   */
  public static Tensor arange(long start, long end, long step) {
    Engine.load();
    try (Scalar a = new Scalar(start);
        Scalar b = new Scalar(end);
        Scalar s = new Scalar(step)) {
      return create("arange", DType.INT64, o -> torch.arange(a, b, s, o));
    }
  }

  /** Numbers from {@code start} by {@code step} up to but not including {@code end}, float32. */
  public static Tensor arange(double start, double end, double step) {
    Engine.load();
    try (Scalar a = new Scalar(start);
        Scalar b = new Scalar(end);
        Scalar s = new Scalar(step)) {
      return create("arange", DType.FLOAT32, o -> torch.arange(a, b, s, o));
    }
  }

  /** {@code steps} numbers, evenly spaced from {@code start} to {@code end} inclusive, float32. */
  public static Tensor linspace(double start, double end, long steps) {
    Engine.load();
    try (Scalar a = new Scalar(start);
        Scalar b = new Scalar(end)) {
      return create("linspace", DType.FLOAT32, o -> torch.linspace(a, b, steps, o));
    }
  }

  /** The identity matrix {@code [n, n]}, float32. */
  public static Tensor eye(long n) {
    return eye(n, n);
  }

  /** Ones on the diagonal of an {@code [n, m]} matrix, float32. */
  public static Tensor eye(long n, long m) {
    return create("eye", DType.FLOAT32, o -> torch.eye(n, m, o));
  }

  /** Draws from the normal distribution with mean 0 and variance 1, float32. */
  public static Tensor randn(long... shape) {
    return create("randn", DType.FLOAT32, o -> torch.randn(shape, o));
  }

  /** Draws from the uniform distribution over [0, 1), float32. */
  public static Tensor rand(long... shape) {
    return create("rand", DType.FLOAT32, o -> torch.rand(shape, o));
  }

  /** Draws from the uniform distribution over [{@code low}, {@code high}), float32. */
  public static Tensor uniform(double low, double high, long... shape) {
    return empty(DType.FLOAT32, shape).uniform_(low, high);
  }

  /** Whole numbers drawn from [{@code low}, {@code high}), int64. */
  public static Tensor randint(long low, long high, long... shape) {
    return create("randint", DType.INT64, o -> torch.randint(low, high, shape, o));
  }

  /** The numbers below {@code n} in random order, int64 {@code [n]}. */
  public static Tensor randperm(long n) {
    return create("randperm", DType.INT64, o -> torch.randperm(n, o));
  }

  /**
   * The numbers below {@code n} in the order that follows {@code Torch.manualSeed(seed)}; the
   * engine's generator stays as it is.
   */
  public static Tensor randperm(long n, long seed) {
    return create(
        "randperm",
        DType.INT64,
        o -> {
          try (Generator g = torch.make_generator_cpu(seed);
              GeneratorOptional generator = new GeneratorOptional(g)) {
            return torch.randperm(n, generator, o);
          }
        });
  }

  // ---- what it is

  /** The sizes of the axes. */
  public Shape shape() {
    return Shape.of(h().shape());
  }

  /** The size of one axis; negative axes count from the last. */
  public long size(int dim) {
    return guard("size", () -> h().size(dim), this);
  }

  /** The number of axes. */
  public int dim() {
    return (int) h().dim();
  }

  /** The number of elements. */
  public long numel() {
    return h().numel();
  }

  /** The type of the elements. */
  public DType dtype() {
    return dtype;
  }

  /** Where the elements live. */
  public Device device() {
    org.bytedeco.pytorch.Tensor h = h();
    if (h.is_cpu()) {
      return Device.CPU;
    }
    try (org.bytedeco.pytorch.Device d = h.device()) {
      return d.is_mps() ? Device.MPS : Device.cuda(Math.max(0, d.index()));
    }
  }

  /** The length of the first axis, as Python's {@code len}. */
  public long length() {
    return size(0);
  }

  /** Whether the elements lie in memory in the order of the axes. */
  public boolean isContiguous() {
    return h().is_contiguous();
  }

  /** The elements in memory from one index of each axis to the next. */
  public long[] stride() {
    org.bytedeco.pytorch.Tensor h = h();
    long[] strides = new long[dim()];
    for (int i = 0; i < strides.length; i++) {
      strides[i] = h.stride(i);
    }
    return strides;
  }

  /** The elements in memory before the first of this tensor. */
  public long storageOffset() {
    return h().storage_offset();
  }

  /** Whether both tensors share the same elements in memory. */
  public boolean isAliasOf(Tensor other) {
    return h().is_alias_of(other.h());
  }

  // ---- elements, in and out

  /**
   * The only element, as a number; a bool is 0 or 1.
   *
   * @throws TensorException if there is not exactly one element
   */
  public double item() {
    if (numel() != 1) {
      throw new TensorException(
          "item: the tensor has "
              + numel()
              + " elements, not one; index it first, or use toList()"
              + "; it is "
              + Errors.describe(this));
    }
    return TensorData.item(this);
  }

  /** The only element as a whole number, exact beyond 2^53. */
  public long itemLong() {
    return (long) (dtype == DType.INT64 ? to(DType.INT64).toLongArray()[0] : item());
  }

  /** The elements in order as floats; other types are converted. */
  public float[] toFloatArray() {
    return TensorData.floats(this);
  }

  /** The elements in order as doubles; other types are converted. */
  public double[] toDoubleArray() {
    return TensorData.doubles(this);
  }

  /** The elements in order as ints; other types are converted. */
  public int[] toIntArray() {
    return TensorData.ints(this);
  }

  /** The elements in order as longs; other types are converted. */
  public long[] toLongArray() {
    return TensorData.longs(this);
  }

  /** The elements in order as shorts; other types are converted. */
  public short[] toShortArray() {
    return TensorData.shorts(this);
  }

  /** The elements in order as uint8 bits, 255 being byte -1; other types are converted. */
  public byte[] toByteArray() {
    return TensorData.bytes(this);
  }

  /** Whether each element, in order, differs from zero. */
  public boolean[] toBooleanArray() {
    return TensorData.booleans(this);
  }

  /**
   * A nested Java array of the dtype's own type: a float32 {@code [2, 3]} gives {@code
   * float[2][3]}.
   */
  public Object toArray() {
    return TensorData.toNested(this);
  }

  /** The elements in order as a stream. */
  public DoubleStream stream() {
    return Arrays.stream(toDoubleArray());
  }

  /** The elements of an integer tensor in order as a stream. */
  public LongStream longStream() {
    return Arrays.stream(toLongArray());
  }

  /** The elements in order as a list. */
  public List<Double> toList() {
    return stream().boxed().toList();
  }

  /**
   * The memory of a contiguous tensor on the CPU as a buffer in native byte order, without a copy.
   * It stays valid after the tensor is closed.
   */
  public ByteBuffer asByteBuffer() {
    return TensorData.asByteBuffer(this);
  }

  /**
   * Fills this contiguous tensor on the CPU with the next bytes of {@code source}, the elements in
   * native byte order; returns it.
   *
   * @throws java.io.EOFException if there are too few
   */
  public Tensor readFrom_(ReadableByteChannel source) throws IOException {
    return TensorData.readFrom(this, source);
  }

  /** Writes the elements in order and in native byte order. */
  public void writeTo(WritableByteChannel sink) throws IOException {
    TensorData.writeTo(this, sink);
  }

  /** Rows along the first axis, as views. */
  public List<Tensor> rows() {
    return unbind(0);
  }

  // ---- types and devices

  /** The same values in another type; itself if it is of that type. */
  public Tensor to(DType type) {
    return type == dtype ? this : op("to", h -> h.to(type.scalarType));
  }

  /** The same values on another device; itself if it is there. */
  public Tensor to(Device device) {
    return to(device, false);
  }

  /**
   * As {@link #to(Device)}; with {@code nonBlocking} a copy between the main memory and a CUDA
   * device goes on while the program does, if the main memory is {@link #pinMemory pinned}.
   */
  public Tensor to(Device device, boolean nonBlocking) {
    if (device.equals(device())) {
      return this;
    }
    try (org.bytedeco.pytorch.Device d = device.handle();
        MemoryFormatOptional format = new MemoryFormatOptional()) {
      return op("to", h -> h.to(d, dtype.scalarType, nonBlocking, false, format));
    }
  }

  /** A copy in page-locked memory, which a CUDA device reads by itself; itself if it is there. */
  public Tensor pinMemory() {
    return isPinned() ? this : op("pin_memory", h -> h.pin_memory());
  }

  /** Whether the elements lie in page-locked memory. */
  public boolean isPinned() {
    return h().is_pinned();
  }

  /** The values as float32. */
  public Tensor toFloat() {
    return to(DType.FLOAT32);
  }

  /** The values as int64; fractions are cut. */
  public Tensor toLong() {
    return to(DType.INT64);
  }

  /** The values on the CPU. */
  public Tensor cpu() {
    return to(Device.CPU);
  }

  /** A copy with memory of its own. */
  public Tensor copy() {
    return op("clone", h -> h.clone());
  }

  /** The same values in the order of the axes; itself if they are. */
  public Tensor contiguous() {
    return isContiguous() ? this : op("contiguous", h -> h.contiguous());
  }

  /**
   * Images {@code [n, c, h, w]} with the channels of a pixel side by side in memory, the order that
   * convolutions are fastest with; itself if they are. The shape stays, and results of such a
   * tensor are laid out alike. So are those of images of one channel: they lie either way, and this
   * is a view whose strides tell the engine which is meant, where PyTorch's {@code
   * contiguous(memory_format=torch.channels_last)} leaves it to guess the other.
   */
  public Tensor channelsLast() {
    if (!h().is_contiguous(torch.MemoryFormat.ChannelsLast)) {
      return op("contiguous", h -> h.contiguous(torch.MemoryFormat.ChannelsLast));
    }
    return size(1) == 1 && stride()[1] != 1
        ? view(size(0), size(2), size(3), 1).permute(0, 3, 1, 2)
        : this;
  }

  // ---- autograd

  /** Makes gradients be computed for this tensor; returns it. */
  public Tensor requiresGrad_() {
    return requiresGrad_(true);
  }

  /** Sets whether gradients are computed for this tensor; returns it. */
  public Tensor requiresGrad_(boolean wanted) {
    guard("requires_grad_", () -> h().set_requires_grad(wanted), this);
    return this;
  }

  /** Whether gradients are computed for this tensor. */
  public boolean requiresGrad() {
    return h().requires_grad();
  }

  /** Whether the tensor is no result of a recorded operation. */
  public boolean isLeaf() {
    return h().is_leaf();
  }

  /**
   * Takes over another tensor's elements, shape and device, keeping this one's identity. Not
   * between computing with a {@link #part} and {@code backward()}: the part's gradient would be
   * lost.
   */
  public Tensor setData_(Tensor source) {
    if (source == this) {
      return this;
    }
    gatherGrad();
    guard(
        "set_data",
        () -> {
          h().set_data(source.h());
          return this;
        },
        this,
        source);
    dropParts(); // they lie on the memory left behind
    return this;
  }

  /** The name of the operation that {@code backward()} will undo, such as {@code MulBackward0}. */
  String gradFunction() {
    try (var name = h().grad_fn().name()) {
      return name.getString();
    }
  }

  /** The same values, without their history. */
  public Tensor detach() {
    return op("detach", h -> h.detach());
  }

  /** The same memory, but no view: {@code backward()} still refuses elements that were changed. */
  Tensor tensorData() {
    return op("tensor_data", h -> h.tensor_data());
  }

  /**
   * Adds the gradient of this scalar to {@code grad()} of every leaf that requires one.
   *
   * @throws TensorException if it is no scalar, or nothing it was computed from requires a gradient
   */
  public void backward() {
    guard(
        "backward",
        () -> {
          h().backward();
          return this;
        },
        this);
  }

  /** As {@link #backward()}, keeping what a second call would need. */
  public void backwardRetainingGraph() {
    backward(null, true);
  }

  /** Adds the product of {@code gradient} and the Jacobian to {@code grad()} of every leaf. */
  public void backward(Tensor gradient) {
    backward(gradient, false);
  }

  private void backward(@Nullable Tensor gradient, boolean retainGraph) {
    guard(
        "backward",
        () -> {
          try (org.bytedeco.pytorch.Tensor none = new org.bytedeco.pytorch.Tensor();
              BoolOptional retain = new BoolOptional(retainGraph);
              TensorArrayRefOptional all = new TensorArrayRefOptional()) {
            h().backward(gradient == null ? none : gradient.h(), retain, false, all);
            return this;
          }
        },
        this);
  }

  /** Whether {@link #grad()} has something to give. */
  public boolean hasGrad() {
    Parts own = parts;
    return h().grad().defined() || (own != null && own.haveGrad());
  }

  /**
   * The gradient that {@code backward()} left: the tensor itself, not a copy.
   *
   * @throws TensorException if there is none
   */
  public Tensor grad() {
    return gradIfAny()
        .orElseThrow(
            () ->
                new TensorException(
                    "grad: no gradient: call backward() first"
                        + (requiresGrad()
                            ? ""
                            : ", and requiresGrad_() before computing with the tensor")));
  }

  /** As {@link #grad()}, or nothing where there is none; one look instead of two. */
  public Optional<Tensor> gradIfAny() {
    gatherGrad();
    return ownGrad();
  }

  /** The gradient without those of {@link #part}s. */
  Optional<Tensor> ownGrad() {
    org.bytedeco.pytorch.Tensor g = h().grad();
    return g.defined() ? Optional.of(copy(g)) : Optional.empty();
  }

  private void gatherGrad() {
    Parts own = parts;
    if (own != null) {
      own.gather();
    }
  }

  private void dropParts() {
    Parts own = parts;
    if (own != null) {
      parts = null;
      own.close();
    }
  }

  /** Sets the gradient, as {@code t.grad = gradient}; it must have this tensor's shape. */
  public Tensor setGrad_(Tensor gradient) {
    if (!gradient.shape().equals(shape())) {
      throw new TensorException(
          "setGrad_: the gradient of a tensor " + shape() + " cannot be " + gradient.shape());
    }
    zeroGrad();
    h().mutable_grad().put(gradient.h());
    return this;
  }

  /** Forgets the gradient, as {@code t.grad = None}. */
  public void zeroGrad() {
    h().mutable_grad().reset();
    Parts own = parts;
    if (own != null) {
      own.zeroGrad();
    }
  }

  /**
   * The block of elements that begins at {@code start} and is of {@code length} along each axis, as
   * a view.
   *
   * <p>Of a leaf that learns, {@code backward()} computes the gradient of the block alone. {@link
   * #grad()} gives it within zeros, which are not written before; an optimizer that does not need
   * them takes {@link #partWithGrad()}. So torch's {@code Embedding(sparse=True)} spares its
   * optimizer the rows that were not looked up.
   *
   * <p>The gradient is known to this object alone, not to another one on the same memory.
   */
  public Tensor part(long[] start, long[] length) {
    return isLeaf() && requiresGrad() && Autograd.isGradEnabled()
        ? madeParts().get(start, length).view()
        : narrow(start, length);
  }

  private synchronized Parts madeParts() {
    Parts own = parts;
    if (own == null) {
      own = new Parts(this);
      parts = own;
    }
    return own;
  }

  /** The {@link #part} whose gradient is all that {@link #grad()} has, but for zeros. */
  public Optional<Part> partWithGrad() {
    Parts own = parts;
    return own == null || h().grad().defined() ? Optional.empty() : own.onlyWithGrad();
  }

  List<Part> parts() {
    Parts own = parts;
    return own == null ? List.of() : own.all();
  }

  // ---- arithmetic

  /** The sum, element by element; the shapes are broadcast. */
  public Tensor add(Tensor other) {
    return op("add", other, (a, b) -> a.add(b));
  }

  /** As {@link #add(Tensor)}, with a number. */
  public Tensor add(double other) {
    return op("add", other, (a, b) -> a.add(b));
  }

  /** As {@link #add(Tensor)}, in place. */
  public Tensor add_(Tensor other) {
    return inPlace("add_", other, (a, b) -> a.add_(b));
  }

  /** As {@link #add(double)}, in place. */
  public Tensor add_(double other) {
    return inPlace("add_", other, (a, b) -> a.add_(b));
  }

  /** The difference, element by element; the shapes are broadcast. */
  public Tensor sub(Tensor other) {
    return op("sub", other, (a, b) -> a.sub(b));
  }

  /** As {@link #sub(Tensor)}, with a number. */
  public Tensor sub(double other) {
    return op("sub", other, (a, b) -> a.sub(b));
  }

  /** As {@link #sub(Tensor)}, in place. */
  public Tensor sub_(Tensor other) {
    return inPlace("sub_", other, (a, b) -> a.sub_(b));
  }

  /** As {@link #sub(double)}, in place. */
  public Tensor sub_(double other) {
    return inPlace("sub_", other, (a, b) -> a.sub_(b));
  }

  /** The product, element by element; the shapes are broadcast. */
  public Tensor mul(Tensor other) {
    return op("mul", other, (a, b) -> a.mul(b));
  }

  /** As {@link #mul(Tensor)}, with a number. */
  public Tensor mul(double other) {
    return op("mul", other, (a, b) -> a.mul(b));
  }

  /** As {@link #mul(Tensor)}, in place. */
  public Tensor mul_(Tensor other) {
    return inPlace("mul_", other, (a, b) -> a.mul_(b));
  }

  /** As {@link #mul(double)}, in place. */
  public Tensor mul_(double other) {
    return inPlace("mul_", other, (a, b) -> a.mul_(b));
  }

  /** The quotient, element by element, never rounded; the shapes are broadcast. */
  public Tensor div(Tensor other) {
    return op("div", other, (a, b) -> a.div(b));
  }

  /** As {@link #div(Tensor)}, with a number. */
  public Tensor div(double other) {
    return op("div", other, (a, b) -> a.div(b));
  }

  /** As {@link #div(Tensor)}, in place. */
  public Tensor div_(Tensor other) {
    return inPlace("div_", other, (a, b) -> a.div_(b));
  }

  /** As {@link #div(double)}, in place. */
  public Tensor div_(double other) {
    return inPlace("div_", other, (a, b) -> a.div_(b));
  }

  /** {@code this + alpha * other}. */
  public Tensor add(Tensor other, double alpha) {
    Scalar s = number(alpha);
    return op("add", other, (a, b) -> a.add(b, s));
  }

  /** {@code this += alpha * other}. */
  public Tensor add_(Tensor other, double alpha) {
    Scalar s = number(alpha);
    return inPlace("add_", other, (a, b) -> a.add_(b, s));
  }

  /** {@code this - alpha * other}. */
  public Tensor sub(Tensor other, double alpha) {
    Scalar s = number(alpha);
    return op("sub", other, (a, b) -> a.sub(b, s));
  }

  /** {@code this -= alpha * other}. */
  public Tensor sub_(Tensor other, double alpha) {
    Scalar s = number(alpha);
    return inPlace("sub_", other, (a, b) -> a.sub_(b, s));
  }

  /** The quotient rounded: mode {@code floor} down, {@code trunc} towards zero. */
  public Tensor div(Tensor other, String roundingMode) {
    try (BytePointer text = new BytePointer(roundingMode);
        StringViewOptional mode = new StringViewOptional(text)) {
      return op("div", other, (a, b) -> a.div(b, mode));
    }
  }

  /** {@code other - this}. */
  public Tensor rsub(double other) {
    return op("rsub", other, (a, b) -> torch.rsub(a, b));
  }

  /** {@code other / this}. */
  public Tensor rdiv(double other) {
    return reciprocal().mul(other);
  }

  /** The quotient rounded down, as Python's {@code //}. */
  public Tensor floorDivide(Tensor other) {
    return op("floor_divide", other, (a, b) -> a.floor_divide(b));
  }

  /** As {@link #floorDivide(Tensor)}, with a number. */
  public Tensor floorDivide(double other) {
    return op("floor_divide", other, (a, b) -> a.floor_divide(b));
  }

  /** The power, element by element; the shapes are broadcast. */
  public Tensor pow(Tensor other) {
    return op("pow", other, (a, b) -> a.pow(b));
  }

  /** As {@link #pow(Tensor)}, with a number. */
  public Tensor pow(double other) {
    return op("pow", other, (a, b) -> a.pow(b));
  }

  /** A number to the power of each element. */
  public static Tensor pow(double base, Tensor exponent) {
    Scalar s = exponent.number(base);
    return exponent.op("pow", h -> torch.pow(s, h));
  }

  /** The remainder with the divisor's sign, as Python's {@code %}. */
  public Tensor remainder(Tensor other) {
    return op("remainder", other, (a, b) -> a.remainder(b));
  }

  /** As {@link #remainder(Tensor)}, with a number. */
  public Tensor remainder(double other) {
    return op("remainder", other, (a, b) -> a.remainder(b));
  }

  /** The remainder with the dividend's sign, as Java's {@code %}. */
  public Tensor fmod(Tensor other) {
    return op("fmod", other, (a, b) -> a.fmod(b));
  }

  /** As {@link #fmod(Tensor)}, with a number. */
  public Tensor fmod(double other) {
    return op("fmod", other, (a, b) -> a.fmod(b));
  }

  /** The larger of each two elements. */
  public Tensor maximum(Tensor other) {
    return op("maximum", other, (a, b) -> a.maximum(b));
  }

  /** The smaller of each two elements. */
  public Tensor minimum(Tensor other) {
    return op("minimum", other, (a, b) -> a.minimum(b));
  }

  /** The angle of each point (other, this). */
  public Tensor atan2(Tensor other) {
    return op("atan2", other, (a, b) -> a.atan2(b));
  }

  /** {@code this + weight * (end - this)}. */
  public Tensor lerp(Tensor end, Tensor weight) {
    return op("lerp", end, (a, b) -> a.lerp(b, weight.h()));
  }

  /** {@code this + weight * (end - this)}. */
  public Tensor lerp(Tensor end, double weight) {
    try (Scalar s = new Scalar(weight)) {
      return op("lerp", end, (a, b) -> a.lerp(b, s));
    }
  }

  /** {@code this + value * t1 * t2}. */
  public Tensor addcmul(Tensor t1, Tensor t2, double value) {
    Scalar s = number(value);
    return op("addcmul", t1, (a, b) -> a.addcmul(b, t2.h(), s));
  }

  /** {@code this += value * t1 * t2}. */
  public Tensor addcmul_(Tensor t1, Tensor t2, double value) {
    Scalar s = number(value);
    return inPlace("addcmul_", t1, (a, b) -> a.addcmul_(b, t2.h(), s));
  }

  /** {@code this += value * t1 / t2}. */
  public Tensor addcdiv_(Tensor t1, Tensor t2, double value) {
    Scalar s = number(value);
    return inPlace("addcdiv_", t1, (a, b) -> a.addcdiv_(b, t2.h(), s));
  }

  /** {@code this + value * t1 / t2}. */
  public Tensor addcdiv(Tensor t1, Tensor t2, double value) {
    Scalar s = number(value);
    return op("addcdiv", t1, (a, b) -> a.addcdiv(b, t2.h(), s));
  }

  /** The elements limited to [{@code min}, {@code max}]. */
  public Tensor clamp(double min, double max) {
    try (ScalarOptional a = new ScalarOptional(number(min));
        ScalarOptional b = new ScalarOptional(number(max))) {
      return op("clamp", h -> h.clamp(a, b));
    }
  }

  /** The elements, but none below {@code min}. */
  public Tensor clampMin(double min) {
    return op("clamp_min", min, (a, b) -> a.clamp_min(b));
  }

  /** The elements, but none above {@code max}. */
  public Tensor clampMax(double max) {
    return op("clamp_max", max, (a, b) -> a.clamp_max(b));
  }

  /** The elements limited to those of {@code min} and {@code max}. */
  public Tensor clamp(Tensor min, Tensor max) {
    return maximum(min).minimum(max);
  }

  // ---- element by element

  /** The negative. */
  public Tensor neg() {
    return op("neg", h -> h.neg());
  }

  /** The absolute value. */
  public Tensor abs() {
    return op("abs", h -> h.abs());
  }

  /** e to the power of each element. */
  public Tensor exp() {
    return op("exp", h -> h.exp());
  }

  /** The natural logarithm. */
  public Tensor log() {
    return op("log", h -> h.log());
  }

  /** The natural logarithm of one more. */
  public Tensor log1p() {
    return op("log1p", h -> h.log1p());
  }

  /** The square root. */
  public Tensor sqrt() {
    return op("sqrt", h -> h.sqrt());
  }

  /** One over the square root. */
  public Tensor rsqrt() {
    return op("rsqrt", h -> h.rsqrt());
  }

  /** The square. */
  public Tensor square() {
    return op("square", h -> h.square());
  }

  /** The sine of radians. */
  public Tensor sin() {
    return op("sin", h -> h.sin());
  }

  /** The cosine of radians. */
  public Tensor cos() {
    return op("cos", h -> h.cos());
  }

  /** The hyperbolic tangent. */
  public Tensor tanh() {
    return op("tanh", h -> h.tanh());
  }

  /** {@code 1 / (1 + exp(-x))}. */
  public Tensor sigmoid() {
    return op("sigmoid", h -> h.sigmoid());
  }

  /** {@link #sigmoid()} in place. */
  public Tensor sigmoid_() {
    return inPlace("sigmoid_", h -> h.sigmoid_());
  }

  /** {@code log(x / (1 - x))}, with x limited to {@code eps} and {@code 1 - eps}. */
  public Tensor logit(double eps) {
    try (DoubleOptional e = new DoubleOptional(eps)) {
      return op("logit", h -> h.logit(e));
    }
  }

  /** The largest whole number not above. */
  public Tensor floor() {
    return op("floor", h -> h.floor());
  }

  /** The smallest whole number not below. */
  public Tensor ceil() {
    return op("ceil", h -> h.ceil());
  }

  /** The nearest whole number, halves to even. */
  public Tensor round() {
    return op("round", h -> h.round());
  }

  /** The whole part. */
  public Tensor trunc() {
    return op("trunc", h -> h.trunc());
  }

  /** -1, 0 or 1. */
  public Tensor sign() {
    return op("sign", h -> h.sign());
  }

  /** One over each element. */
  public Tensor reciprocal() {
    return op("reciprocal", h -> h.reciprocal());
  }

  /** The error function. */
  public Tensor erf() {
    return op("erf", h -> h.erf());
  }

  /** {@code max(x, 0)}. */
  public Tensor relu() {
    return op("relu", h -> h.relu());
  }

  /** {@code max(x, 0)} in place of each element; returns this. */
  public Tensor relu_() {
    return inPlace("relu_", h -> h.relu_());
  }

  /** Whether each element is not a number. */
  public Tensor isNan() {
    return op("isnan", h -> torch.isnan(h));
  }

  /** Whether each element is neither infinite nor NaN. */
  public Tensor isFinite() {
    return op("isfinite", h -> torch.isfinite(h));
  }

  /** Whether each element is zero. */
  public Tensor logicalNot() {
    return op("logical_not", h -> h.logical_not());
  }

  /** Each element's bits turned. */
  public Tensor bitwiseNot() {
    return op("bitwise_not", h -> h.bitwise_not());
  }

  /** The Gaussian error linear unit, exact. */
  public Tensor gelu() {
    return op("gelu", h -> torch.gelu(h));
  }

  /** {@code x * sigmoid(x)}. */
  public Tensor silu() {
    return op("silu", h -> torch.silu(h));
  }

  /** {@code x * tanh(softplus(x))}. */
  public Tensor mish() {
    return op("mish", h -> torch.mish(h));
  }

  /** {@code x * clamp(x + 3, 0, 6) / 6}. */
  public Tensor hardswish() {
    return op("hardswish", h -> torch.hardswish(h));
  }

  /** The logarithm of the sigmoid. */
  public Tensor logSigmoid() {
    return op("log_sigmoid", h -> torch.log_sigmoid(h));
  }

  /** {@code log(1 + exp(x))}. */
  public Tensor softplus() {
    return op("softplus", h -> torch.softplus(h));
  }

  /** {@code log(1 + exp(beta * x)) / beta}, and x where {@code beta * x} is above the threshold. */
  public Tensor softplus(double beta, double threshold) {
    try (Scalar b = new Scalar(beta);
        Scalar t = new Scalar(threshold)) {
      return op("softplus", h -> torch.softplus(h, b, t));
    }
  }

  /** x above 0, else {@code exp(x) - 1}. */
  public Tensor elu() {
    return op("elu", h -> torch.elu(h));
  }

  /** x above 0, else {@code alpha * (exp(x) - 1)}. */
  public Tensor elu(double alpha) {
    try (Scalar a = new Scalar(alpha);
        Scalar one = new Scalar(1.0)) {
      return op("elu", h -> torch.elu(h, a, one, one));
    }
  }

  /** The Gaussian error linear unit by its tanh approximation. */
  public Tensor geluTanh() {
    return op("gelu", h -> torch.gelu(h, "tanh"));
  }

  /** x above 0, else {@code negativeSlope * x}. */
  public Tensor leakyRelu(double negativeSlope) {
    return op("leaky_relu", negativeSlope, (a, b) -> torch.leaky_relu(a, b));
  }

  /** The elements limited to [{@code min}, {@code max}], as the activation. */
  public Tensor hardtanh(double min, double max) {
    return clamp(min, max);
  }

  /** Probabilities along {@code dim}: exponentials that sum to 1. */
  public Tensor softmax(int dim) {
    return op("softmax", h -> h.softmax(dim));
  }

  /** The logarithm of {@link #softmax}, without its loss of precision. */
  public Tensor logSoftmax(int dim) {
    return op("log_softmax", h -> h.log_softmax(dim));
  }

  // ---- comparing and choosing

  /** Whether the elements are equal, bool. */
  public Tensor eq(Tensor other) {
    return op("eq", other, (a, b) -> a.eq(b));
  }

  /** As {@link #eq(Tensor)}, with a number. */
  public Tensor eq(double other) {
    return op("eq", other, (a, b) -> a.eq(b));
  }

  /** Whether the elements differ, bool. */
  public Tensor ne(Tensor other) {
    return op("ne", other, (a, b) -> a.ne(b));
  }

  /** As {@link #ne(Tensor)}, with a number. */
  public Tensor ne(double other) {
    return op("ne", other, (a, b) -> a.ne(b));
  }

  /** Whether this is less, bool. */
  public Tensor lt(Tensor other) {
    return op("lt", other, (a, b) -> a.lt(b));
  }

  /** As {@link #lt(Tensor)}, with a number. */
  public Tensor lt(double other) {
    return op("lt", other, (a, b) -> a.lt(b));
  }

  /** Whether this is not more, bool. */
  public Tensor le(Tensor other) {
    return op("le", other, (a, b) -> a.le(b));
  }

  /** As {@link #le(Tensor)}, with a number. */
  public Tensor le(double other) {
    return op("le", other, (a, b) -> a.le(b));
  }

  /** Whether this is more, bool. */
  public Tensor gt(Tensor other) {
    return op("gt", other, (a, b) -> a.gt(b));
  }

  /** As {@link #gt(Tensor)}, with a number. */
  public Tensor gt(double other) {
    return op("gt", other, (a, b) -> a.gt(b));
  }

  /** Whether this is not less, bool. */
  public Tensor ge(Tensor other) {
    return op("ge", other, (a, b) -> a.ge(b));
  }

  /** As {@link #ge(Tensor)}, with a number. */
  public Tensor ge(double other) {
    return op("ge", other, (a, b) -> a.ge(b));
  }

  /** Whether both are not zero. */
  public Tensor logicalAnd(Tensor other) {
    return op("logical_and", other, (a, b) -> a.logical_and(b));
  }

  /** Whether one is not zero. */
  public Tensor logicalOr(Tensor other) {
    return op("logical_or", other, (a, b) -> a.logical_or(b));
  }

  /** Whether just one is not zero. */
  public Tensor logicalXor(Tensor other) {
    return op("logical_xor", other, (a, b) -> a.logical_xor(b));
  }

  /** The bits both have. */
  public Tensor bitwiseAnd(Tensor other) {
    return op("bitwise_and", other, (a, b) -> a.bitwise_and(b));
  }

  /** The bits one has. */
  public Tensor bitwiseOr(Tensor other) {
    return op("bitwise_or", other, (a, b) -> a.bitwise_or(b));
  }

  /** {@code a} where {@code condition} holds, else {@code b}; the shapes are broadcast. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return guard("where", () -> own(torch.where(condition.h(), a.h(), b.h())), condition, a, b);
  }

  /** {@code a} where {@code condition} holds, else the number. */
  public static Tensor where(Tensor condition, Tensor a, double b) {
    Scalar s = a.number(b);
    return guard("where", () -> own(torch.where(condition.h(), a.h(), s)), condition, a);
  }

  /** The elements with {@code value} where {@code mask} holds. */
  public Tensor maskedFill(Tensor mask, double value) {
    Scalar s = number(value);
    return op("masked_fill", mask, (a, b) -> a.masked_fill(b, s));
  }

  /** The elements where {@code mask} holds, along one axis. */
  public Tensor maskedSelect(Tensor mask) {
    return op("masked_select", mask, (a, b) -> a.masked_select(b));
  }

  /** Whether shapes and all elements are equal. */
  public boolean equal(Tensor other) {
    return guard("equal", () -> h().equal(other.h()), this, other);
  }

  /** Whether every element is within {@code atol + rtol * |other|}. */
  public boolean allclose(Tensor other, double rtol, double atol) {
    return guard("allclose", () -> h().allclose(other.h(), rtol, atol, true), this, other);
  }

  // ---- reductions

  /** The sum over {@code dims}, or over all elements if there are none. */
  public Tensor sum(int... dims) {
    return op("sum", h -> dims.length == 0 ? h.sum() : h.sum(longs(dims), false, None.TYPE));
  }

  /** As {@link #sum(int...)}, keeping the reduced axes with size 1. */
  public Tensor sumKeepDim(int... dims) {
    return op("sum", h -> h.sum(longs(dims), true, None.TYPE));
  }

  /** As {@link #sum(int...)}, computed and returned as {@code type}. */
  public Tensor sum(DType type, int... dims) {
    try (ScalarTypeOptional t = new ScalarTypeOptional(type.scalarType)) {
      return op("sum", h -> dims.length == 0 ? h.sum(t) : h.sum(longs(dims), false, t));
    }
  }

  /** The mean over {@code dims}, or over all elements if there are none. */
  public Tensor mean(int... dims) {
    return op("mean", h -> dims.length == 0 ? h.mean() : h.mean(longs(dims), false, None.TYPE));
  }

  /** As {@link #mean(int...)}, keeping the reduced axes with size 1. */
  public Tensor meanKeepDim(int... dims) {
    return op("mean", h -> h.mean(longs(dims), true, None.TYPE));
  }

  /** As {@link #mean(int...)}, computed and returned as {@code type}, which whole numbers need. */
  public Tensor mean(DType type, int... dims) {
    try (ScalarTypeOptional t = new ScalarTypeOptional(type.scalarType)) {
      return op("mean", h -> dims.length == 0 ? h.mean(t) : h.mean(longs(dims), false, t));
    }
  }

  /** As {@link #mean(DType, int...)}, keeping the reduced axes with size 1. */
  public Tensor meanKeepDim(DType type, int... dims) {
    try (ScalarTypeOptional t = new ScalarTypeOptional(type.scalarType)) {
      return op("mean", h -> h.mean(longs(dims), true, t));
    }
  }

  /** The largest element over {@code dims}, or over all elements if there are none. */
  public Tensor amax(int... dims) {
    return op("amax", h -> dims.length == 0 ? h.amax() : h.amax(longs(dims), false));
  }

  /** As {@link #amax}, keeping the reduced axes with size 1. */
  public Tensor amaxKeepDim(int... dims) {
    return op("amax", h -> h.amax(longs(dims), true));
  }

  /** The smallest element over {@code dims}, or over all elements if there are none. */
  public Tensor amin(int... dims) {
    return op("amin", h -> dims.length == 0 ? h.amin() : h.amin(longs(dims), false));
  }

  /** As {@link #amin}, keeping the reduced axes with size 1. */
  public Tensor aminKeepDim(int... dims) {
    return op("amin", h -> h.amin(longs(dims), true));
  }

  /** The largest of all elements. */
  public Tensor max() {
    return op("max", h -> h.max());
  }

  /** The smallest of all elements. */
  public Tensor min() {
    return op("min", h -> h.min());
  }

  /** The largest elements along {@code dim} and their positions. */
  public ValuesIndices max(int dim) {
    return pair("max", h -> h.max(dim, false));
  }

  /** As {@link #max(int)}, keeping the reduced axis with size 1. */
  public ValuesIndices maxKeepDim(int dim) {
    return pair("max", h -> h.max(dim, true));
  }

  /** The smallest elements along {@code dim} and their positions. */
  public ValuesIndices min(int dim) {
    return pair("min", h -> h.min(dim, false));
  }

  /** As {@link #min(int)}, keeping the reduced axis with size 1. */
  public ValuesIndices minKeepDim(int dim) {
    return pair("min", h -> h.min(dim, true));
  }

  /** The medians along {@code dim}, the lower of two, and their positions. */
  public ValuesIndices median(int dim) {
    return pair("median", h -> h.median(dim, false));
  }

  /** As {@link #median(int)}, keeping the reduced axis with size 1. */
  public ValuesIndices medianKeepDim(int dim) {
    return pair("median", h -> h.median(dim, true));
  }

  /** The standard deviation over {@code dims} or all elements, with Bessel's correction (n - 1). */
  public Tensor std(int... dims) {
    return op("std", h -> dims.length == 0 ? h.std(true) : h.std(longs(dims), true, false));
  }

  /** As {@link #std}, keeping the reduced axes with size 1. */
  public Tensor stdKeepDim(int... dims) {
    return op("std", h -> h.std(longs(dims), true, true));
  }

  /** As {@link #std}, dividing by n. */
  public Tensor stdBiased(int... dims) {
    return op("std", h -> dims.length == 0 ? h.std(false) : h.std(longs(dims), false, false));
  }

  /** As {@link #stdBiased}, keeping the reduced axes with size 1. */
  public Tensor stdBiasedKeepDim(int... dims) {
    return op("std", h -> h.std(longs(dims), false, true));
  }

  /** The variance over {@code dims} or all elements, with Bessel's correction (n - 1). */
  public Tensor var(int... dims) {
    return op("var", h -> dims.length == 0 ? h.var(true) : h.var(longs(dims), true, false));
  }

  /** As {@link #var}, keeping the reduced axes with size 1. */
  public Tensor varKeepDim(int... dims) {
    return op("var", h -> h.var(longs(dims), true, true));
  }

  /** As {@link #var}, dividing by n. */
  public Tensor varBiased(int... dims) {
    return op("var", h -> dims.length == 0 ? h.var(false) : h.var(longs(dims), false, false));
  }

  /** As {@link #varBiased}, keeping the reduced axes with size 1. */
  public Tensor varBiasedKeepDim(int... dims) {
    return op("var", h -> h.var(longs(dims), false, true));
  }

  /** The product of all elements. */
  public Tensor prod() {
    return op("prod", h -> h.prod());
  }

  /** The product along {@code dim}. */
  public Tensor prod(int dim) {
    return op("prod", h -> h.prod(dim));
  }

  /** As {@link #prod(int)}, keeping the reduced axis with size 1. */
  public Tensor prodKeepDim(int dim) {
    return op("prod", h -> h.prod(dim, true, None.TYPE));
  }

  /** The mean of the elements that are not NaN. */
  public Tensor nanmean() {
    return op("nanmean", h -> h.nanmean());
  }

  /** Whether every element is not zero. */
  public Tensor all(int... dims) {
    return op("all", h -> dims.length == 0 ? h.all() : h.all(longs(dims), false));
  }

  /** As {@link #all}, keeping the reduced axes with size 1. */
  public Tensor allKeepDim(int... dims) {
    return op("all", h -> h.all(longs(dims), true));
  }

  /** Whether any element is not zero. */
  public Tensor any(int... dims) {
    return op("any", h -> dims.length == 0 ? h.any() : h.any(longs(dims), false));
  }

  /** As {@link #any}, keeping the reduced axes with size 1. */
  public Tensor anyKeepDim(int... dims) {
    return op("any", h -> h.any(longs(dims), true));
  }

  /** The position of the largest element, of all in order. */
  public Tensor argmax() {
    return op("argmax", h -> h.argmax());
  }

  /** The positions of the largest elements along {@code dim}. */
  public Tensor argmax(int dim) {
    try (LongOptional d = new LongOptional(dim)) {
      return op("argmax", h -> h.argmax(d, false));
    }
  }

  /** As {@link #argmax(int)}, keeping the reduced axis with size 1. */
  public Tensor argmaxKeepDim(int dim) {
    try (LongOptional d = new LongOptional(dim)) {
      return op("argmax", h -> h.argmax(d, true));
    }
  }

  /** The position of the smallest element, of all in order. */
  public Tensor argmin() {
    return op("argmin", h -> h.argmin());
  }

  /** The positions of the smallest elements along {@code dim}. */
  public Tensor argmin(int dim) {
    try (LongOptional d = new LongOptional(dim)) {
      return op("argmin", h -> h.argmin(d, false));
    }
  }

  /** As {@link #argmin(int)}, keeping the reduced axis with size 1. */
  public Tensor argminKeepDim(int dim) {
    try (LongOptional d = new LongOptional(dim)) {
      return op("argmin", h -> h.argmin(d, true));
    }
  }

  /** The logarithm of the sum of exponentials over {@code dims}. */
  public Tensor logsumexp(int... dims) {
    return op("logsumexp", h -> h.logsumexp(longs(dims), false));
  }

  /** As {@link #logsumexp}, keeping the reduced axes with size 1. */
  public Tensor logsumexpKeepDim(int... dims) {
    return op("logsumexp", h -> h.logsumexp(longs(dims), true));
  }

  /** The p-norm over {@code dims}, or over all elements. */
  public Tensor norm(double p, int... dims) {
    try (Scalar s = new Scalar(p);
        ScalarOptional o = new ScalarOptional(s)) {
      return op("norm", h -> dims.length == 0 ? h.norm(s) : h.norm(o, longs(dims), false));
    }
  }

  /** As {@link #norm(double, int...)}, keeping the reduced axes with size 1. */
  public Tensor normKeepDim(double p, int... dims) {
    try (Scalar s = new Scalar(p);
        ScalarOptional o = new ScalarOptional(s)) {
      return op("norm", h -> h.norm(o, longs(dims), true));
    }
  }

  /** The Euclidean norm of all elements. */
  public Tensor norm() {
    return norm(2);
  }

  /** How many elements are not zero, over {@code dims} or all. */
  public Tensor countNonzero(int... dims) {
    return op(
        "count_nonzero", h -> dims.length == 0 ? h.count_nonzero() : h.count_nonzero(longs(dims)));
  }

  /** The running sum along {@code dim}. */
  public Tensor cumsum(int dim) {
    return op("cumsum", h -> h.cumsum(dim));
  }

  /** The running product along {@code dim}. */
  public Tensor cumprod(int dim) {
    return op("cumprod", h -> h.cumprod(dim));
  }

  // ---- linear algebra

  /** The matrix product of the last two axes; the others are broadcast. */
  public Tensor matmul(Tensor other) {
    return op("matmul", other, (a, b) -> a.matmul(b));
  }

  /** The product of two matrices {@code [n, k] x [k, m]}. */
  public Tensor mm(Tensor other) {
    return op("mm", other, (a, b) -> a.mm(b));
  }

  /** The products of two stacks of matrices {@code [b, n, k] x [b, k, m]}. */
  public Tensor bmm(Tensor other) {
    return op("bmm", other, (a, b) -> a.bmm(b));
  }

  /** The product of a matrix and a vector. */
  public Tensor mv(Tensor other) {
    return op("mv", other, (a, b) -> a.mv(b));
  }

  /** The inner product of two vectors. */
  public Tensor dot(Tensor other) {
    return op("dot", other, (a, b) -> a.dot(b));
  }

  /** Every product of an element of one vector and one of the other. */
  public Tensor outer(Tensor other) {
    return op("outer", other, (a, b) -> a.outer(b));
  }

  /** {@code beta * this + alpha * (mat1 x mat2)}. */
  public Tensor addmm(Tensor mat1, Tensor mat2, double beta, double alpha) {
    Scalar b = number(beta);
    Scalar a = number(alpha);
    return guard("addmm", () -> own(h().addmm(mat1.h(), mat2.h(), b, a)), this, mat1, mat2);
  }

  /** The sum of products that the equation describes, as {@code "bij,bjk->bik"}. */
  public static Tensor einsum(String equation, Tensor... operands) {
    return join("einsum", List.of(operands), v -> torch.einsum(equation, v));
  }

  /**
   * The distance of every row of {@code this} to every row of {@code other}: {@code [..., n, k]}
   * and {@code [..., m, k]} give {@code [..., n, m]}. Euclidean, as PyTorch's default.
   */
  public Tensor cdist(Tensor other) {
    return cdist(other, 2);
  }

  /** As {@link #cdist(Tensor)}, with the p-norm; infinity is the largest difference. */
  public Tensor cdist(Tensor other, double p) {
    try (LongOptional mode = new LongOptional()) {
      return op("cdist", other, (a, b) -> torch.cdist(a, b, p, mode));
    }
  }

  /**
   * {@code x Wᵀ + b}: {@code [..., in]} with {@code [out, in]} and {@code [out]} to {@code [...,
   * out]}.
   */
  public Tensor linear(Tensor weight, Tensor bias) {
    long blocks = NarrowProduct.blocks(h(), weight.h(), bias.h());
    if (blocks > 1) {
      return op("linear", weight, (x, w) -> NarrowProduct.linear(x, w, bias.h(), blocks));
    }
    try (TensorOptional b = optional(bias)) {
      return op("linear", weight, (x, w) -> torch.linear(x, w, b));
    }
  }

  /** As {@link #linear(Tensor, Tensor)}, without a bias. */
  public Tensor linear(Tensor weight) {
    return op("linear", weight, (x, w) -> torch.linear(x, w));
  }

  // ---- shape

  /** The same elements with another shape, as a view; one size may be -1. */
  public Tensor view(long... shape) {
    return op("view", h -> h.view(shape));
  }

  /**
   * The same bits taken as another type, as a view; the last axis grows or shrinks with its size.
   */
  public Tensor view(DType type) {
    return op("view", h -> h.view(type.scalarType));
  }

  /** The same elements with another shape, copied if a view cannot be had. */
  public Tensor reshape(long... shape) {
    return op("reshape", h -> h.reshape(shape));
  }

  /** The elements along one axis. */
  public Tensor flatten() {
    return op("flatten", h -> h.flatten());
  }

  /** The axes from {@code start} to {@code end} inclusive joined to one. */
  public Tensor flatten(int start, int end) {
    return op("flatten", h -> h.flatten(start, end));
  }

  /** The axes in another order, as a view. */
  public Tensor permute(int... dims) {
    return op("permute", h -> h.permute(longs(dims)));
  }

  /** Two axes exchanged, as a view. */
  public Tensor transpose(int dim0, int dim1) {
    return op("transpose", h -> h.transpose(dim0, dim1));
  }

  /** A matrix transposed, as a view. */
  public Tensor t() {
    return op("t", h -> h.t());
  }

  /** Without its axes of size 1. */
  public Tensor squeeze() {
    return op("squeeze", h -> h.squeeze());
  }

  /** Without axis {@code dim}, if its size is 1. */
  public Tensor squeeze(int dim) {
    return op("squeeze", h -> h.squeeze(dim));
  }

  /** With a new axis of size 1 at {@code dim}. */
  public Tensor unsqueeze(int dim) {
    return op("unsqueeze", h -> h.unsqueeze(dim));
  }

  /**
   * A view of the memory from element {@code offset} with these sizes and steps between elements.
   */
  public Tensor asStrided(long[] size, long[] stride, long offset) {
    try (LongOptional from = new LongOptional(offset)) {
      return op("as_strided", h -> h.as_strided(size, stride, from));
    }
  }

  /** Axes of size 1 repeated to {@code shape}, without a copy; -1 leaves an axis. */
  public Tensor expand(long... shape) {
    return op("expand", h -> h.expand(shape));
  }

  /** A copy repeated along each axis. */
  public Tensor repeat(long... times) {
    return op("repeat", h -> h.repeat(times));
  }

  /** The order along {@code dims} reversed. */
  public Tensor flip(int... dims) {
    return op("flip", h -> h.flip(longs(dims)));
  }

  /** The elements moved on along {@code dims}, those beyond the end first. */
  public Tensor roll(long[] shifts, int... dims) {
    return op("roll", h -> h.roll(shifts, longs(dims)));
  }

  /** Tensors of one shape, along a new first axis. */
  public static Tensor stack(List<Tensor> tensors) {
    return stack(tensors, 0);
  }

  /** Tensors of one shape, along a new axis {@code dim}. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return join("stack", tensors, v -> torch.stack(v, dim));
  }

  /** Tensors one after the other along the first axis. */
  public static Tensor cat(Tensor... tensors) {
    return cat(List.of(tensors), 0);
  }

  /** Tensors one after the other along axis {@code dim}. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return join("cat", tensors, v -> torch.cat(v, dim));
  }

  private List<Tensor> parts(String name, Function<org.bytedeco.pytorch.Tensor, TensorVector> f) {
    return guard(
        name,
        () -> {
          try (TensorVector v = f.apply(h())) {
            return list(v);
          }
        },
        this);
  }

  /** Views of {@code size} along {@code dim}; the last may be smaller. */
  public List<Tensor> split(long size, int dim) {
    return parts("split", h -> h.split(size, dim));
  }

  /** Views of the given sizes along {@code dim}, which add up to its size. */
  public List<Tensor> split(long[] sizes, int dim) {
    return parts("split", h -> h.split_with_sizes(sizes, dim));
  }

  /** {@code chunks} views of about equal size along {@code dim}. */
  public List<Tensor> chunk(long chunks, int dim) {
    return parts("chunk", h -> h.chunk(chunks, dim));
  }

  /** A view of each position along {@code dim}, without that axis. */
  public List<Tensor> unbind(int dim) {
    return parts("unbind", h -> h.unbind(dim));
  }

  /** {@code padding} elements of {@code value} added, two counts for each axis from the last. */
  public Tensor pad(long[] padding, double value) {
    try (DoubleOptional v = new DoubleOptional(value)) {
      return op("pad", h -> torch.pad(h, padding, "constant", v));
    }
  }

  /** Padding taken from the image: mode {@code reflect}, {@code replicate} or {@code circular}. */
  public Tensor pad(long[] padding, String mode) {
    try (DoubleOptional none = new DoubleOptional()) {
      return op("pad", h -> torch.pad(h, padding, mode, none));
    }
  }

  /** Images {@code [n, c, h, w]} scaled to {@code size}: mode {@code nearest} or {@code area}. */
  public Tensor interpolate(long[] size, String mode) {
    return switch (mode) {
      case "nearest" -> op("interpolate", h -> torch.upsample_nearest2d(h, size));
      case "area" -> op("interpolate", h -> torch.adaptive_avg_pool2d(h, size));
      default -> interpolate(size, mode, false);
    };
  }

  /**
   * Images {@code [n, c, h, w]} scaled to {@code size}: mode {@code bilinear} or {@code bicubic}.
   *
   * @param alignCorners whether the centers of the corner pixels stay the corners
   */
  public Tensor interpolate(long[] size, String mode, boolean alignCorners) {
    return switch (mode) {
      case "bilinear" -> op("interpolate", h -> torch.upsample_bilinear2d(h, size, alignCorners));
      case "bicubic" -> op("interpolate", h -> torch.upsample_bicubic2d(h, size, alignCorners));
      default ->
          throw new TensorException(
              "interpolate: no mode is called '"
                  + mode
                  + "'; there are nearest, area, bilinear and bicubic, the last two with"
                  + " alignCorners");
    };
  }

  /**
   * The places, in -1..1, that affine maps {@code [n, 2, 3]} send the pixels of a picture to:
   * {@code [n, height, width, 2]}, x before y, for {@link #gridSample}.
   *
   * @param alignCorners whether -1 and 1 are the centers of the outermost pixels or their edges
   */
  public Tensor affineGrid(long height, long width, boolean alignCorners) {
    return op(
        "affine_grid",
        h -> torch.affine_grid(h, new long[] {size(0), 1, height, width}, alignCorners));
  }

  /**
   * Images {@code [n, c, h, w]} read at the places of {@code grid [n, height, width, 2]}, which are
   * in -1..1: {@code [n, c, height, width]}.
   *
   * @param mode {@code bilinear}, {@code nearest} or {@code bicubic}
   * @param paddingMode what lies outside: {@code zeros}, {@code border} or {@code reflection}
   */
  public Tensor gridSample(Tensor grid, String mode, String paddingMode, boolean alignCorners) {
    int m = List.of("bilinear", "nearest", "bicubic").indexOf(mode);
    int p = List.of("zeros", "border", "reflection").indexOf(paddingMode);
    if (m < 0 || p < 0) {
      throw new TensorException(
          "gridSample: mode '%s' and padding '%s'; the modes are bilinear, nearest and bicubic, the paddings zeros, border and reflection"
              .formatted(mode, paddingMode));
    }
    return op("grid_sample", grid, (a, b) -> torch.grid_sampler(a, b, m, p, alignCorners));
  }

  // ---- indexing

  /** What stands at these positions of the first axes: {@code t[i, j]}, a view. */
  public Tensor get(long... positions) {
    Tensor t = this;
    for (long p : positions) {
      Tensor from = t;
      t = from.op("get", h -> h.select(0, p));
    }
    return t;
  }

  /** A part, as Python's subscript: {@code t.get(range(4, 25), range(4, 22))}. */
  public Tensor get(Index... indices) {
    return guard(
        "get",
        () -> {
          try (Index.Handles i = new Index.Handles(h(), indices)) {
            return own(i.source.index(i.vector));
          }
        },
        this);
  }

  /** The rows at the positions, or where the mask holds: {@code t[index]}. */
  public Tensor get(Tensor index) {
    return get(Index.of(index));
  }

  /** Writes {@code value} to a part, as {@code t[...] = value}. */
  public Tensor put_(Tensor value, Index... indices) {
    guard(
        "put_",
        () -> {
          try (Index.Handles i = new Index.Handles(h(), indices)) {
            return i.source.index_put_(i.vector, value.h());
          }
        },
        this,
        value);
    return this;
  }

  /** Writes a number to a part, as {@code t[...] = value}. */
  public Tensor put_(double value, Index... indices) {
    guard(
        "put_",
        () -> {
          try (Index.Handles i = new Index.Handles(h(), indices)) {
            return i.source.index_put_(i.vector, number(value));
          }
        },
        this);
    return this;
  }

  /**
   * Writes {@code values} to the positions {@code indices}, one tensor for each of the first axes;
   * or adds them, where a position that stands twice gets both.
   */
  public Tensor indexPut_(List<Tensor> indices, Tensor values, boolean accumulate) {
    return guard(
        "index_put_",
        () -> {
          try (TensorOptionalList positions = new TensorOptionalList()) {
            for (Tensor index : indices) {
              try (TensorOptional i = optional(index)) {
                positions.push_back(i);
              }
            }
            h().index_put_(positions, values.h(), accumulate);
            return this;
          }
        },
        this,
        values);
  }

  /** One position of axis {@code dim}, as a view without that axis. */
  public Tensor select(int dim, long index) {
    return op("select", h -> h.select(dim, index));
  }

  /** {@code length} positions of axis {@code dim} from {@code start}, as a view. */
  public Tensor narrow(int dim, long start, long length) {
    return op("narrow", h -> h.narrow(dim, start, length));
  }

  /**
   * {@code length[i]} positions of each axis {@code i} from {@code start[i]}, as one view.
   *
   * @throws TensorException if the tensor has other axes, or fewer positions
   */
  public Tensor narrow(long[] start, long[] length) {
    long[] sizes = shape().toArray();
    long[] strides = stride();
    long offset = storageOffset();
    boolean inside = start.length == sizes.length && length.length == sizes.length;
    for (int axis = 0; inside && axis < sizes.length; axis++) {
      inside = start[axis] >= 0 && length[axis] >= 0 && length[axis] <= sizes[axis] - start[axis];
    }
    if (!inside) {
      throw new TensorException(
          "narrow: "
              + Arrays.toString(length)
              + " positions from "
              + Arrays.toString(start)
              + " are not within a tensor "
              + shape());
    }
    for (int axis = 0; axis < sizes.length; axis++) {
      offset += start[axis] * strides[axis];
    }
    return asStrided(length, strides, offset);
  }

  /** The positions {@code index} of axis {@code dim}, copied. */
  public Tensor indexSelect(int dim, Tensor index) {
    return op("index_select", index, (a, b) -> a.index_select(dim, b));
  }

  /**
   * Replaces this tensor's rows by those rows of {@code source}, and returns this; what {@link
   * #indexSelect} copies, on the calling thread alone and into memory that is there. Both are
   * contiguous on the CPU.
   */
  public Tensor copyRows_(Tensor source, long... rows) {
    return TensorData.copyRows(this, source, rows);
  }

  /** For each element of {@code index}, the element at that position along {@code dim}. */
  public Tensor gather(int dim, Tensor index) {
    return op("gather", index, (a, b) -> a.gather(dim, b));
  }

  /** As {@link #gather}, with the other axes broadcast. */
  public Tensor takeAlongDim(Tensor index, int dim) {
    try (LongOptional d = new LongOptional(dim)) {
      return op("take_along_dim", index, (a, b) -> a.take_along_dim(b, d));
    }
  }

  /** A copy with {@code src} written to the positions {@code index} along {@code dim}. */
  public Tensor scatter(int dim, Tensor index, Tensor src) {
    return guard("scatter", () -> own(h().scatter(dim, index.h(), src.h())), this, index, src);
  }

  /** A copy with {@code src} added to the positions {@code index} along {@code dim}. */
  public Tensor scatterAdd(int dim, Tensor index, Tensor src) {
    return guard(
        "scatter_add", () -> own(h().scatter_add(dim, index.h(), src.h())), this, index, src);
  }

  /** The {@code k} largest elements of the last axis and their positions. */
  public ValuesIndices topk(long k) {
    return topk(k, -1, true);
  }

  /**
   * The {@code k} largest, or smallest, elements along {@code dim}, sorted, and their positions.
   */
  public ValuesIndices topk(long k, int dim, boolean largest) {
    return pair("topk", h -> h.topk(k, dim, largest, true));
  }

  /** The elements along {@code dim} in order, equal ones as they came, and where they were. */
  public ValuesIndices sort(int dim, boolean descending) {
    try (BoolOptional stable = new BoolOptional(true)) {
      return pair("sort", h -> h.sort(stable, dim, descending));
    }
  }

  /** The elements of the last axis in order, and where they were. */
  public ValuesIndices sort() {
    return sort(-1, false);
  }

  /** The positions that would sort the elements along {@code dim}. */
  public Tensor argsort(int dim, boolean descending) {
    return op("argsort", h -> h.argsort(true, dim, descending));
  }

  /** The positions that would sort the elements of the last axis. */
  public Tensor argsort() {
    return argsort(-1, false);
  }

  /** The distinct elements in order, where each element is among them, and how often. */
  public Unique unique() {
    return guard(
        "unique",
        () -> {
          try (var three = torch.unique_dim(h().flatten(), 0, true, true, true)) {
            return new Unique(
                copy(three.get0()), copy(three.get1()).view(h().shape()), copy(three.get2()));
          }
        },
        this);
  }

  /** The positions of the elements that are not zero: {@code [n, dim]}. */
  public Tensor nonzero() {
    return op("nonzero", h -> h.nonzero());
  }

  /** How often each whole number from 0 occurs, at least {@code minLength} of them. */
  public Tensor bincount(long minLength) {
    return op(
        "bincount",
        h -> {
          try (TensorOptional none = new TensorOptional()) {
            return h.bincount(none, minLength);
          }
        });
  }

  /** A 1 at each class's position: {@code [...]} to {@code [..., classes]}, int64. */
  public Tensor oneHot(long classes) {
    return op("one_hot", h -> torch.one_hot(h, classes));
  }

  /** As {@link #oneHot(long)}, with as many classes as the largest number asks for. */
  public Tensor oneHot() {
    return op("one_hot", h -> torch.one_hot(h));
  }

  /** The lower triangle, from {@code diagonal}. */
  public Tensor tril(long diagonal) {
    return op("tril", h -> h.tril(diagonal));
  }

  /** The upper triangle, from {@code diagonal}. */
  public Tensor triu(long diagonal) {
    return op("triu", h -> h.triu(diagonal));
  }

  /** The diagonal of a matrix, or a matrix with this diagonal. */
  public Tensor diag() {
    return op("diag", h -> h.diag());
  }

  // ---- filling in place

  /** Sets every element to zero. */
  public Tensor zero_() {
    return inPlace("zero_", h -> h.zero_());
  }

  /** Sets every element to {@code value}. */
  public Tensor fill_(double value) {
    return inPlace("fill_", value, (a, b) -> a.fill_(b));
  }

  /** Takes over the values of {@code source}, broadcast and converted. */
  public Tensor copy_(Tensor source) {
    return inPlace("copy_", source, (a, b) -> a.copy_(b));
  }

  /** Draws every element from the uniform distribution over [{@code low}, {@code high}). */
  public Tensor uniform_(double low, double high) {
    return inPlace(
        "uniform_",
        h -> {
          try (GeneratorOptional g = new GeneratorOptional()) {
            return h.uniform_(low, high, g);
          }
        });
  }

  /** Draws every element from a normal distribution. */
  public Tensor normal_(double mean, double std) {
    return inPlace(
        "normal_",
        h -> {
          try (GeneratorOptional g = new GeneratorOptional()) {
            return h.normal_(mean, std, g);
          }
        });
  }

  /** Limits every element to [{@code min}, {@code max}]. */
  public Tensor clamp_(double min, double max) {
    return copy_(clamp(min, max));
  }

  // ---- layers and losses as functions

  /**
   * The convolution of images {@code [n, in, h, w]} with {@code weight [out, in / groups, kh, kw]}.
   *
   * @param bias {@code [out]}
   */
  public Tensor conv2d(
      Tensor weight, Tensor bias, long[] stride, long[] padding, long[] dilation, long groups) {
    return convolve(weight, bias, stride, padding, dilation, groups);
  }

  /** As the other {@code conv2d}, without a bias. */
  public Tensor conv2d(Tensor weight, long[] stride, long[] padding, long[] dilation, long groups) {
    return convolve(weight, null, stride, padding, dilation, groups);
  }

  private Tensor convolve(
      Tensor weight,
      @Nullable Tensor bias,
      long[] stride,
      long[] padding,
      long[] dilation,
      long groups) {
    try (TensorOptional b = optional(bias)) {
      return op(
          "conv2d", weight, (x, w) -> torch.conv2d(x, w, b, stride, padding, dilation, groups));
    }
  }

  /** As {@code conv2d}, over sequences {@code [n, in, length]}; the sizes have one number. */
  public Tensor conv1d(
      Tensor weight, Tensor bias, long[] stride, long[] padding, long[] dilation, long groups) {
    return convolve1d(weight, bias, stride, padding, dilation, groups);
  }

  /** As the other {@code conv1d}, without a bias. */
  public Tensor conv1d(Tensor weight, long[] stride, long[] padding, long[] dilation, long groups) {
    return convolve1d(weight, null, stride, padding, dilation, groups);
  }

  private Tensor convolve1d(
      Tensor weight,
      @Nullable Tensor bias,
      long[] stride,
      long[] padding,
      long[] dilation,
      long groups) {
    try (TensorOptional b = optional(bias)) {
      return op(
          "conv1d", weight, (x, w) -> torch.conv1d(x, w, b, stride, padding, dilation, groups));
    }
  }

  /**
   * The gradient of {@code conv2d}, which makes images larger: {@code [n, in, h, w]} with {@code
   * weight [in, out / groups, kh, kw]}.
   *
   * @param outputPadding rows and columns added at one edge of the result
   * @param bias {@code [out]}, or nothing
   */
  public Tensor convTranspose2d(
      Tensor weight,
      long[] stride,
      long[] padding,
      long[] outputPadding,
      long groups,
      long[] dilation,
      Tensor... bias) {
    try (TensorOptional b = optional(bias.length == 0 ? null : bias[0])) {
      return op(
          "conv_transpose2d",
          weight,
          (x, w) ->
              torch.conv_transpose2d(x, w, b, stride, padding, outputPadding, groups, dilation));
    }
  }

  /** The largest element of each window of images {@code [n, c, h, w]}. */
  public Tensor maxPool2d(long kernel, long stride, long padding) {
    return maxPool2d(square(kernel), square(stride), square(padding), square(1), false);
  }

  /**
   * As the other {@code maxPool2d}, with height and width apart.
   *
   * @param ceilMode whether a window that reaches over the last edge counts too
   */
  public Tensor maxPool2d(
      long[] kernel, long[] stride, long[] padding, long[] dilation, boolean ceilMode) {
    return op("max_pool2d", h -> torch.max_pool2d(h, kernel, stride, padding, dilation, ceilMode));
  }

  /** The mean of each window of images {@code [n, c, h, w]}; padding counts as zeros. */
  public Tensor avgPool2d(long kernel, long stride, long padding) {
    return avgPool2d(square(kernel), square(stride), square(padding), false, true);
  }

  /**
   * As the other {@code avgPool2d}, with height and width apart.
   *
   * @param ceilMode whether a window that reaches over the last edge counts too
   * @param countIncludePad whether the padding counts as zeros, or not at all
   */
  public Tensor avgPool2d(
      long[] kernel, long[] stride, long[] padding, boolean ceilMode, boolean countIncludePad) {
    try (LongOptional divisor = new LongOptional()) {
      return op(
          "avg_pool2d",
          h -> torch.avg_pool2d(h, kernel, stride, padding, ceilMode, countIncludePad, divisor));
    }
  }

  private static long[] square(long side) {
    return new long[] {side, side};
  }

  /** Means over windows of whatever size makes the result {@code [n, c, height, width]}. */
  public Tensor adaptiveAvgPool2d(long height, long width) {
    return op("adaptive_avg_pool2d", h -> torch.adaptive_avg_pool2d(h, height, width));
  }

  /** The largest elements of windows of whatever size makes it {@code [n, c, height, width]}. */
  public Tensor adaptiveMaxPool2d(long height, long width) {
    return pair("adaptive_max_pool2d", h -> torch.adaptive_max_pool2d(h, height, width)).values();
  }

  /**
   * Each channel (axis 1) shifted and scaled to mean 0 and variance 1, then by {@code weight} and
   * {@code bias}. In training the batch's statistics are used and the running ones moved on by
   * {@code momentum}; otherwise the running ones are used.
   */
  public Tensor batchNorm(
      Tensor weight,
      Tensor bias,
      Tensor runningMean,
      Tensor runningVar,
      boolean training,
      double momentum,
      double eps) {
    return batchNorm(runningMean, runningVar, training, momentum, eps, weight, bias);
  }

  /**
   * As the other {@code batchNorm}.
   *
   * @param weightAndBias both {@code [channels]}, or none at all
   */
  public Tensor batchNorm(
      Tensor runningMean,
      Tensor runningVar,
      boolean training,
      double momentum,
      double eps,
      Tensor... weightAndBias) {
    return normalize(runningMean, runningVar, training, momentum, eps, weightAndBias);
  }

  /** As the other {@code batchNorm}, by the batch's own statistics. */
  public Tensor batchNorm(double eps, Tensor... weightAndBias) {
    return normalize(null, null, true, 0, eps, weightAndBias);
  }

  private Tensor normalize(
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      boolean training,
      double momentum,
      double eps,
      Tensor... weightAndBias) {
    return affine(
        "batch_norm",
        weightAndBias,
        (w, b) -> {
          try (TensorOptional m = optional(runningMean);
              TensorOptional v = optional(runningVar)) {
            return torch.batch_norm(h(), w, b, m, v, training, momentum, eps, false);
          }
        });
  }

  /**
   * The last axes, of {@code shape}, shifted and scaled together to mean 0 and variance 1.
   *
   * @param weightAndBias both of {@code shape}, or none at all
   */
  public Tensor layerNorm(long[] shape, double eps, Tensor... weightAndBias) {
    return affine(
        "layer_norm", weightAndBias, (w, b) -> torch.layer_norm(h(), shape, w, b, eps, false));
  }

  /**
   * The channels (axis 1) of each item in {@code groups} parts, each with its elements shifted and
   * scaled to mean 0 and variance 1.
   *
   * @param weightAndBias both {@code [channels]}, or none at all
   */
  public Tensor groupNorm(long groups, double eps, Tensor... weightAndBias) {
    return affine(
        "group_norm", weightAndBias, (w, b) -> torch.group_norm(h(), groups, w, b, eps, false));
  }

  /** As {@link #groupNorm}, each channel by itself. */
  public Tensor instanceNorm(double eps, Tensor... weightAndBias) {
    return affine(
        "instance_norm",
        weightAndBias,
        (w, b) -> {
          try (TensorOptional mean = optional(null);
              TensorOptional var = optional(null)) {
            return torch.instance_norm(h(), w, b, mean, var, true, 0, eps, false);
          }
        });
  }

  private interface Affine {
    org.bytedeco.pytorch.Tensor apply(TensorOptional weight, TensorOptional bias);
  }

  private Tensor affine(String name, Tensor[] weightAndBias, Affine f) {
    if (weightAndBias.length != 0 && weightAndBias.length != 2) {
      throw new TensorException(
          name + ": give weight and bias, or neither; it was given " + weightAndBias.length);
    }
    boolean none = weightAndBias.length == 0;
    try (TensorOptional w = optional(none ? null : weightAndBias[0]);
        TensorOptional b = optional(none ? null : weightAndBias[1])) {
      return new Tensor(f.apply(w, b));
    } catch (RuntimeException e) {
      throw none ? Errors.explain(name, e, this) : Errors.explain(name, e, this, weightAndBias[0]);
    }
  }

  /**
   * Elements set to zero with probability {@code p}, the others divided by {@code 1 - p}, in
   * training. On a CPU a {@code p} from 0.01 to 0.99 counts in steps of 1/65536.
   */
  public Tensor dropout(double p, boolean training) {
    if (training && DropoutMask.fits(this, p)) {
      return mul(DropoutMask.of(this, p));
    }
    return op("dropout", h -> torch.dropout(h, p, training));
  }

  /** As {@link #dropout}, whole channels at a time, of {@code [n, c, ...]}. */
  public Tensor dropout2d(double p, boolean training) {
    return op("dropout2d", h -> torch.feature_dropout(h, p, training));
  }

  /**
   * The mean cross-entropy of logits {@code this [n, c]} and classes {@code targets [n]}, int64.
   */
  public Tensor crossEntropy(Tensor targets) {
    return op("cross_entropy", targets, (a, b) -> torch.cross_entropy_loss(a, b));
  }

  /**
   * As the other {@code crossEntropy}; {@code targets} may also be probabilities {@code [n, c]}.
   *
   * @param ignoreIndex the class that counts neither above nor below the line
   * @param labelSmoothing the share of each target that goes to all classes alike, 0 to 1
   * @param weight a factor for each class, {@code [c]}, or nothing
   */
  public Tensor crossEntropy(
      Tensor targets,
      Reduction reduction,
      long ignoreIndex,
      double labelSmoothing,
      Tensor... weight) {
    return weighted(
        "cross_entropy",
        targets,
        weight,
        w ->
            torch.cross_entropy_loss(
                h(), targets.h(), w, reduction.code(), ignoreIndex, labelSmoothing));
  }

  /**
   * The negative of the targets' log-probabilities {@code this [n, c]}.
   *
   * @param targets classes {@code [n]}, int64
   * @param ignoreIndex the class that counts neither above nor below the line
   * @param weight a factor for each class, {@code [c]}, or nothing
   */
  public Tensor nllLoss(Tensor targets, Reduction reduction, long ignoreIndex, Tensor... weight) {
    return weighted(
        "nll_loss",
        targets,
        weight,
        w -> torch.nll_loss_nd(h(), targets.h(), w, reduction.code(), ignoreIndex));
  }

  private interface Weighted {
    org.bytedeco.pytorch.Tensor apply(TensorOptional weight);
  }

  private Tensor weighted(String name, Tensor targets, Tensor[] weight, Weighted f) {
    try (TensorOptional w = optional(weight.length == 0 ? null : weight[0])) {
      return new Tensor(f.apply(w));
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, this, targets);
    }
  }

  /** The mean binary cross-entropy of logits {@code this} and targets in 0..1 of the same shape. */
  public Tensor bceWithLogits(Tensor targets) {
    return op("bce_with_logits", targets, (a, b) -> torch.binary_cross_entropy_with_logits(a, b));
  }

  /**
   * As the other {@code bceWithLogits}.
   *
   * @param weight a factor for each element, broadcast
   * @param posWeight a factor for the targets that are 1, broadcast
   */
  public Tensor bceWithLogits(
      Tensor targets, Tensor weight, Tensor posWeight, Reduction reduction) {
    try (TensorOptional w = optional(weight);
        TensorOptional p = optional(posWeight)) {
      return op(
          "bce_with_logits",
          targets,
          (a, b) -> torch.binary_cross_entropy_with_logits(a, b, w, p, reduction.code()));
    }
  }

  /**
   * The binary cross-entropy of probabilities {@code this} and targets in 0..1 of the same shape,
   * reduced; logarithms are taken for at least -100.
   */
  public Tensor bce(Tensor targets, Reduction reduction) {
    try (TensorOptional none = optional(null)) {
      return op("bce", targets, (a, b) -> torch.binary_cross_entropy(a, b, none, reduction.code()));
    }
  }

  /** The mean squared difference. */
  public Tensor mseLoss(Tensor targets) {
    return op("mse_loss", targets, (a, b) -> torch.mse_loss(a, b));
  }

  /** The squared differences, reduced. */
  public Tensor mseLoss(Tensor targets, Reduction reduction) {
    return op("mse_loss", targets, (a, b) -> torch.mse_loss(a, b, reduction.code()));
  }

  /** The mean absolute difference. */
  public Tensor l1Loss(Tensor targets) {
    return op("l1_loss", targets, (a, b) -> torch.l1_loss(a, b));
  }

  /** The absolute differences, reduced. */
  public Tensor l1Loss(Tensor targets, Reduction reduction) {
    return op("l1_loss", targets, (a, b) -> torch.l1_loss(a, b, reduction.code()));
  }

  /** {@code d² / 2} for differences below {@code delta}, else {@code delta·(|d| - delta / 2)}. */
  public Tensor huberLoss(Tensor targets, Reduction reduction, double delta) {
    return op("huber_loss", targets, (a, b) -> torch.huber_loss(a, b, reduction.code(), delta));
  }

  /** {@link #huberLoss} divided by {@code beta}, which is its delta. */
  public Tensor smoothL1Loss(Tensor targets, Reduction reduction, double beta) {
    return op(
        "smooth_l1_loss", targets, (a, b) -> torch.smooth_l1_loss(a, b, reduction.code(), beta));
  }

  /** The rows of {@code this [n, k]} at the positions {@code indices}. */
  public Tensor embedding(Tensor indices) {
    return op("embedding", indices, (w, i) -> torch.embedding(w, i));
  }

  /** As {@link #embedding(Tensor)}; the row at {@code paddingIdx} gets no gradient. */
  public Tensor embedding(Tensor indices, long paddingIdx) {
    return op("embedding", indices, (w, i) -> torch.embedding(w, i, paddingIdx, false, false));
  }

  /**
   * Long short-term memory over a sequence {@code [length, n, in]}.
   *
   * @param state {@code h} and {@code c}, each {@code [layers · directions, n, hidden]}
   * @param weights for each layer and direction {@code w_ih, w_hh} and, with biases, {@code b_ih,
   *     b_hh}
   * @param batchFirst whether it is {@code [n, length, in]}
   */
  public Recurrent lstm(
      List<Tensor> state,
      List<Tensor> weights,
      boolean biases,
      long layers,
      double dropout,
      boolean training,
      boolean bidirectional,
      boolean batchFirst) {
    return guard(
        "lstm",
        () -> {
          try (TensorVector hx = vector(state);
              TensorVector w = vector(weights);
              var out =
                  torch.lstm(
                      h(), hx, w, biases, layers, dropout, training, bidirectional, batchFirst)) {
            return new Recurrent(copy(out.get0()), List.of(copy(out.get1()), copy(out.get2())));
          }
        },
        this,
        state.get(0));
  }

  /** Gated recurrent units over a sequence; as {@link #lstm}, with {@code h} as the only state. */
  public Recurrent gru(
      Tensor state,
      List<Tensor> weights,
      boolean biases,
      long layers,
      double dropout,
      boolean training,
      boolean bidirectional,
      boolean batchFirst) {
    return guard(
        "gru",
        () -> {
          try (TensorVector w = vector(weights);
              T_TensorTensor_T out =
                  torch.gru(
                      h(),
                      state.h(),
                      w,
                      biases,
                      layers,
                      dropout,
                      training,
                      bidirectional,
                      batchFirst)) {
            return new Recurrent(copy(out.get0()), List.of(copy(out.get1())));
          }
        },
        this,
        state);
  }

  /**
   * {@code softmax(q kᵀ / √d) v} with this as {@code q [..., l, d]}, {@code key [..., s, d]} and
   * {@code value [..., s, d]}.
   *
   * @param mask bool, true where a query may look, or numbers that are added; broadcast to {@code
   *     [..., l, s]}; or nothing
   */
  public Tensor scaledDotProductAttention(
      Tensor key, Tensor value, double dropout, boolean causal, Tensor... mask) {
    return guard(
        "scaled_dot_product_attention",
        () -> {
          try (TensorOptional m = optional(mask.length == 0 ? null : mask[0]);
              DoubleOptional scale = new DoubleOptional()) {
            return new Tensor(
                torch.scaled_dot_product_attention(
                    h(), key.h(), value.h(), m, dropout, causal, scale, false));
          }
        },
        this,
        key,
        value);
  }

  /** The values as PyTorch prints them. */
  @Override
  public String toString() {
    return handle == null
        ? "tensor(closed, " + Shape.of(closedShape) + " " + dtype + ")"
        : TensorPrinter.print(this);
  }

  /** Arguments left out, made once the engine is there. */
  private static final class None {
    static final ScalarTypeOptional TYPE = new ScalarTypeOptional();
    static final org.bytedeco.pytorch.MemoryFormatOptional FORMAT =
        new org.bytedeco.pytorch.MemoryFormatOptional();
  }
}
