package org.fastai4j.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;

/**
 * A reader of the part of Python's pickle format that a file of tensors needs.
 *
 * <p>A pickle is a program for a small stack machine that may call any function by its name. This
 * machine knows containers, numbers, strings and the three functions that rebuild a tensor; any
 * other name is refused, so that nothing in a file is ever run.
 */
final class Unpickler {
  /** Where the numbers of a storage come from. */
  interface Storages {
    /** The storage called {@code key} as a tensor with one axis. */
    Tensor load(String key, DType dtype, long numel);
  }

  private record Name(String text) {}

  private record Storage(DType dtype) {}

  private static final Object MARK = new Object();

  private static final String ORDERED_DICT = "collections.OrderedDict";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final String SIZE = "torch.Size";

  private static final Map<String, DType> STORAGES =
      Map.of(
          "torch.BoolStorage", DType.BOOL,
          "torch.ByteStorage", DType.UINT8,
          "torch.CharStorage", DType.INT8,
          "torch.ShortStorage", DType.INT16,
          "torch.IntStorage", DType.INT32,
          "torch.LongStorage", DType.INT64,
          "torch.HalfStorage", DType.FLOAT16,
          "torch.BFloat16Storage", DType.BFLOAT16,
          "torch.FloatStorage", DType.FLOAT32,
          "torch.DoubleStorage", DType.FLOAT64);

  /**
   * What fastai puts beside the weights: it is stepped over, and comes out as {@link Pth.Skipped}.
   */
  private static final Set<String> SKIPPED =
      Set.of(
          "fastcore.foundation.L",
          "numpy.dtype",
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray.scalar",
          "_codecs.encode");

  private final Path file;
  private final ByteBuffer in;
  private final Storages storages;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  Unpickler(Path file, byte[] pickle, Storages storages) {
    this.file = file;
    this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    this.storages = storages;
  }

  Object load() {
    try {
      while (true) {
        int at = in.position();
        int op = Byte.toUnsignedInt(in.get());
        if (op == '.') {
          return pop();
        }
        step(op, at);
      }
    } catch (BufferUnderflowException e) {
      throw new FormatException(file, "its pickle ends in the middle", e);
    }
  }

  private void step(int op, int at) {
    switch (op) {
      case 0x80 -> in.get(); // protocol
      case 0x95 -> in.getLong(); // frame
      case '(' -> stack.push(MARK);
      case '0' -> pop();
      case '2' -> stack.push(peek());
      case 'N' -> stack.push(Optional.empty());
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'J' -> stack.push((long) in.getInt());
      case 'K' -> stack.push((long) Byte.toUnsignedInt(in.get()));
      case 'M' -> stack.push((long) Short.toUnsignedInt(in.getShort()));
      case 0x8a -> stack.push(integer(bytes(Byte.toUnsignedInt(in.get()))));
      case 0x8b -> stack.push(integer(bytes(in.getInt())));
      case 'G' -> stack.push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'X', 'T' -> stack.push(text(in.getInt()));
      case 0x8c, 'U' -> stack.push(text(Byte.toUnsignedInt(in.get())));
      case 0x8d -> stack.push(text(in.getLong()));
      case 'C' -> stack.push(ByteBuffer.wrap(bytes(Byte.toUnsignedInt(in.get()))));
      case 'B' -> stack.push(ByteBuffer.wrap(bytes(in.getInt())));
      case '}' -> stack.push(new LinkedHashMap<>());
      case ']' -> stack.push(new ArrayList<>());
      case ')' -> stack.push(new ArrayList<>());
      case 't' -> stack.push(sinceMark());
      case 0x85 -> tuple(1);
      case 0x86 -> tuple(2);
      case 0x87 -> tuple(3);
      case 'a' -> append(List.of(pop()));
      case 'e' -> append(sinceMark());
      case 's' -> {
        Object value = pop();
        setItems(List.of(pop(), value));
      }
      case 'u' -> setItems(sinceMark());
      case 'q' -> memo.put(Byte.toUnsignedInt(in.get()), peek());
      case 'r' -> memo.put(in.getInt(), peek());
      case 0x94 -> memo.put(memo.size(), peek());
      case 'h' -> stack.push(remembered(Byte.toUnsignedInt(in.get())));
      case 'j' -> stack.push(remembered(in.getInt()));
      case 'c' -> stack.push(global(line() + "." + line()));
      case 0x93 -> {
        String name = string(pop());
        stack.push(global(string(pop()) + "." + name));
      }
      case 'R' -> {
        List<?> arguments = list(pop());
        stack.push(call(pop(), arguments));
      }
      case 0x81 -> {
        pop();
        stack.push(made(pop()));
      }
      case 'b' -> pop(); // the state of an OrderedDict (its _metadata) or of what is skipped
      case 'Q' -> stack.push(storage(list(pop())));
      default ->
          throw wrong(
              "at byte %d its pickle has the operation 0x%02x, which no file of tensors needs"
                  .formatted(at, op));
    }
  }

  // ---- the functions that may be called

  private Object global(String name) {
    DType storage = STORAGES.get(name);
    if (storage != null) {
      return new Storage(storage);
    } else if (SKIPPED.contains(name)) {
      return new Pth.Skipped(name);
    }
    return switch (name) {
      case ORDERED_DICT, TENSOR, PARAMETER, SIZE -> new Name(name);
      default ->
          throw wrong(
              "asks for "
                  + name
                  + ", which is refused: only tensors, numbers, strings and containers are read;"
                  + " save model.state_dict() instead of the model");
    };
  }

  private Object call(Object function, List<?> arguments) {
    if (function instanceof Pth.Skipped) {
      return function;
    }
    if (!(function instanceof Name name)) {
      throw wrong("calls something that is no function");
    }
    return switch (name.text) {
      case ORDERED_DICT -> orderedDict(arguments);
      case TENSOR -> tensor(arguments);
      case PARAMETER -> parameter(arguments);
      default -> list(argument(arguments, 0)); // torch.Size
    };
  }

  private Object made(Object type) {
    if (type instanceof Pth.Skipped) {
      return type;
    } else if (type instanceof Name name && name.text.equals(ORDERED_DICT)) {
      return new LinkedHashMap<>();
    }
    throw wrong("makes something that is no container");
  }

  private Map<Object, Object> orderedDict(List<?> arguments) {
    stack.push(new LinkedHashMap<>());
    if (!arguments.isEmpty()) {
      for (Object pair : list(arguments.get(0))) {
        setItems(list(pair));
      }
    }
    return map(pop());
  }

  private Object storage(List<?> id) {
    if (id.size() != 5
        || !"storage".equals(id.get(0))
        || !(id.get(1) instanceof Storage s)
        || !(id.get(4) instanceof Long numel)) {
      throw wrong("refers to something outside that is no storage");
    }
    return storages.load(string(id.get(2)), s.dtype, numel);
  }

  private Tensor tensor(List<?> arguments) {
    if (!(argument(arguments, 0) instanceof Tensor storage)) {
      throw wrong("has a tensor without a storage");
    }
    long offset = number(argument(arguments, 1));
    long[] size = numbers(argument(arguments, 2));
    long[] stride = numbers(argument(arguments, 3));
    if (size.length != stride.length) {
      throw wrong("has a tensor of %d sizes and %d strides".formatted(size.length, stride.length));
    }
    try {
      long last = offset;
      boolean empty = false;
      for (int i = 0; i < size.length; i++) {
        empty |= size[i] == 0;
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, size[i] - 1), stride[i]));
      }
      if (!empty && last >= storage.numel()) {
        throw wrong(
            "has a tensor whose last element is number %d of a storage of %d"
                .formatted(last, storage.numel()));
      }
    } catch (ArithmeticException e) {
      throw new FormatException(file, "has a tensor too large for any storage", e);
    }
    Tensor t = storage.asStrided(size, stride, offset);
    return learning(t, argument(arguments, 4));
  }

  private Tensor parameter(List<?> arguments) {
    if (!(argument(arguments, 0) instanceof Tensor t)) {
      throw wrong("has a parameter that is no tensor");
    }
    return learning(t, argument(arguments, 1));
  }

  private static Tensor learning(Tensor t, Object requiresGrad) {
    return t.requiresGrad_(Boolean.TRUE.equals(requiresGrad) && t.dtype().isFloatingPoint());
  }

  // ---- the stack

  private Object pop() {
    Object top = stack.poll();
    if (top == null || top == MARK) {
      throw wrong("takes more from its pickle's stack than there is");
    }
    return top;
  }

  private Object peek() {
    Object top = pop();
    stack.push(top);
    return top;
  }

  private List<Object> sinceMark() {
    List<Object> items = new ArrayList<>();
    while (true) {
      Object top = stack.poll();
      if (top == null) {
        throw wrong("lacks a mark in its pickle");
      } else if (top == MARK) {
        break;
      }
      items.add(top);
    }
    java.util.Collections.reverse(items);
    return items;
  }

  private void tuple(int n) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      items.add(0, pop());
    }
    stack.push(items);
  }

  private void append(List<?> items) {
    Object target = peek();
    if (!(target instanceof Pth.Skipped)) {
      list(target).addAll(items);
    }
  }

  private void setItems(List<?> items) {
    Object target = peek();
    if (target instanceof Pth.Skipped) {
      return;
    }
    Map<Object, Object> map = map(target);
    if (items.size() % 2 != 0) {
      throw wrong("has a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
        throw wrong("has a dictionary whose keys are not strings or numbers");
      }
      map.put(key, items.get(i + 1));
    }
  }

  private Object remembered(int key) {
    Object value = memo.get(key);
    if (value == null) {
      throw wrong("refers to item " + key + ", which it never made");
    }
    return value;
  }

  // ---- values

  private byte[] bytes(long n) {
    if (n < 0 || n > in.remaining()) {
      throw wrong("has a string of " + n + " bytes where " + in.remaining() + " are left");
    }
    byte[] out = new byte[(int) n];
    in.get(out);
    return out;
  }

  private String text(long n) {
    return new String(bytes(n), UTF_8);
  }

  private String line() {
    int begin = in.position();
    while (in.get() != '\n') {}
    return new String(in.array(), begin, in.position() - begin - 1, UTF_8);
  }

  private static Object integer(byte... littleEndian) {
    if (littleEndian.length == 0) {
      return 0L;
    }
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    BigInteger n = new BigInteger(bigEndian);
    if (n.bitLength() < Long.SIZE) {
      return n.longValue();
    }
    return n;
  }

  private String string(Object o) {
    if (o instanceof String s) {
      return s;
    }
    throw wrong("lacks a string where one must be");
  }

  private long number(Object o) {
    if (o instanceof Long n && n >= 0) {
      return n;
    }
    throw wrong("has " + (o instanceof Number ? o : "no number") + " for a size, stride or offset");
  }

  private long[] numbers(Object o) {
    return list(o).stream().mapToLong(this::number).toArray();
  }

  private Object argument(List<?> arguments, int i) {
    if (i >= arguments.size()) {
      throw wrong("calls a function with too few arguments");
    }
    return arguments.get(i);
  }

  @SuppressWarnings("unchecked") // every list on the stack was made here, as a list of objects
  private List<Object> list(Object o) {
    if (o instanceof List<?> l) {
      return (List<Object>) l;
    }
    throw wrong("lacks a list or tuple where one must be");
  }

  @SuppressWarnings("unchecked") // every map on the stack was made here, as a map of objects
  private Map<Object, Object> map(Object o) {
    if (o instanceof Map<?, ?> m) {
      return (Map<Object, Object>) m;
    }
    throw wrong("lacks a dictionary where one must be");
  }

  private FormatException wrong(String problem) {
    return new FormatException(file, problem);
  }
}
