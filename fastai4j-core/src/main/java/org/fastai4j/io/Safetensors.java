package org.fastai4j.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Named tensors in a {@code .safetensors} file, the format in which models are exchanged.
 *
 * <p>A file is the length of a header (8 bytes, little-endian), the header (JSON: for each tensor
 * its dtype, shape and the bytes it takes) and the bytes. Nothing in it is ever run, and a file
 * that does not add up to the byte is refused before any memory is asked for.
 *
 * <pre>{@code
 * Safetensors.save(path, Map.of("weight", w, "bias", b), Map.of("vocab", "3,7"));
 * Tensor w = Safetensors.load(path).tensors().get("weight");
 * }</pre>
 */
public final class Safetensors {
  /** What a file holds: its tensors by name, in the header's order, and its notes. */
  public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  private static final String METADATA = "__metadata__";
  private static final int LENGTH_BYTES = 8;
  private static final long LONGEST_HEADER = 100_000_000; // as the format's own library

  private static final Map<String, DType> DTYPES =
      Map.of(
          "BOOL", DType.BOOL,
          "U8", DType.UINT8,
          "I8", DType.INT8,
          "I16", DType.INT16,
          "I32", DType.INT32,
          "I64", DType.INT64,
          "F16", DType.FLOAT16,
          "BF16", DType.BFLOAT16,
          "F32", DType.FLOAT32,
          "F64", DType.FLOAT64);

  /** A line of the header: a tensor and the bytes of the data that it takes. */
  private record Entry(String name, DType dtype, Shape shape, long begin, long end) {}

  private Safetensors() {}

  // ---- writing

  /**
   * Writes the tensors, whole or not at all; the same tensors give the same bytes.
   *
   * <p>The header has the order of {@code tensors}; the widest types come first in the data, so
   * that every tensor lies at a multiple of its element's size.
   */
  public static void save(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    List<String> byWidth = new ArrayList<>(tensors.keySet());
    byWidth.sort(
        Comparator.comparingInt(name -> -value(tensors, name).dtype().itemSize())); // stable
    Map<String, Entry> entries = new LinkedHashMap<>();
    long at = 0;
    for (String name : byWidth) {
      if (name.equals(METADATA)) {
        throw new IllegalArgumentException(
            "no tensor can be called " + METADATA + ": safetensors keeps the name for the notes");
      }
      Tensor t = value(tensors, name);
      long end = at + t.numel() * t.dtype().itemSize();
      entries.put(name, new Entry(name, t.dtype(), t.shape(), at, end));
      at = end;
    }
    byte[] header =
        header(tensors.keySet().stream().map(n -> value(entries, n)).toList(), metadata);
    ByteBuffer head =
        ByteBuffer.allocate(LENGTH_BYTES + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .flip();
    WholeFile.write(
        file,
        out -> {
          WholeFile.writeFully(out, head);
          for (String name : byWidth) {
            value(tensors, name).writeTo(out);
          }
        });
  }

  /** As {@link #save(Path, Map, Map)}, without notes. */
  public static void save(Path file, Map<String, Tensor> tensors) {
    save(file, tensors, Map.of());
  }

  private static byte[] header(List<Entry> entries, Map<String, String> metadata) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setHtmlSafe(false);
      json.beginObject();
      if (!metadata.isEmpty()) {
        json.name(METADATA).beginObject();
        for (Map.Entry<String, String> note : metadata.entrySet()) {
          json.name(note.getKey()).value(note.getValue());
        }
        json.endObject();
      }
      for (Entry e : entries) {
        json.name(e.name).beginObject().name("dtype").value(label(e.dtype)).name("shape");
        json.beginArray();
        for (long size : e.shape.toArray()) {
          json.value(size);
        }
        json.endArray().name("data_offsets").beginArray().value(e.begin).value(e.end).endArray();
        json.endObject();
      }
      json.endObject();
    } catch (IOException e) {
      throw new AssertionError("a string cannot fail", e);
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    int padded = (bytes.length + 7) / 8 * 8;
    byte[] out = new byte[padded];
    Arrays.fill(out, (byte) ' ');
    System.arraycopy(bytes, 0, out, 0, bytes.length);
    return out;
  }

  private static String label(DType dtype) {
    return DTYPES.entrySet().stream()
        .filter(e -> e.getValue() == dtype)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static <V> V value(Map<String, V> map, String key) {
    V v = map.get(key);
    if (v == null) {
      throw new IllegalArgumentException("'" + key + "' has no value");
    }
    return v;
  }

  // ---- reading

  /**
   * Reads a file, each tensor straight into its own memory.
   *
   * @throws FormatException if the file is not a proper one
   */
  public static Contents load(Path file) {
    return WholeFile.read(file, in -> new Loading(file, in).load());
  }

  /** One reading of one file. */
  private static final class Loading {
    private final Path file;
    private final FileChannel in;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    Loading(Path file, FileChannel in) {
      this.file = file;
      this.in = in;
    }

    Contents load() throws IOException {
      readHeader();
      checkLayout(in.size() - in.position());
      long data = in.position();
      List<Tensor> loaded =
          Scope.compute(() -> entries.stream().map(e -> tensor(e, data)).toList());
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (int i = 0; i < entries.size(); i++) {
        tensors.put(entries.get(i).name, loaded.get(i));
      }
      return new Contents(
          Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
    }

    private Tensor tensor(Entry e, long data) {
      // A bool's byte must be 0 or 1 for libtorch, and a file may have any.
      DType stored = e.dtype == DType.BOOL ? DType.UINT8 : e.dtype;
      Tensor t = WholeFile.fill(file, in, data + e.begin, Tensor.empty(stored, e.shape.toArray()));
      return e.dtype == DType.BOOL ? t.ne(0) : t;
    }

    private void readHeader() throws IOException {
      long size = in.size();
      if (size < LENGTH_BYTES) {
        throw wrong("has " + size + " bytes; even the length of its header takes 8");
      }
      long length =
          ByteBuffer.wrap(WholeFile.readFully(file, in, LENGTH_BYTES))
              .order(ByteOrder.LITTLE_ENDIAN)
              .getLong();
      if (length < 0 || length > size - LENGTH_BYTES || length > LONGEST_HEADER) {
        throw wrong(
            "bytes 0..8 give its header "
                + Long.toUnsignedString(length)
                + " bytes, but "
                + (size - LENGTH_BYTES)
                + " follow; it is cut short, or no safetensors file");
      }
      byte[] bytes = WholeFile.readFully(file, in, (int) length);
      if (length == 0 || bytes[0] != '{') {
        throw wrong("its header does not begin with '{'; it is no safetensors file");
      }
      String text;
      try {
        text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw new FormatException(file, "its header is not UTF-8", e);
      }
      try (JsonReader json = new JsonReader(new StringReader(text))) {
        json.setStrictness(Strictness.STRICT);
        parse(json);
      } catch (EOFException | MalformedJsonException | IllegalStateException e) {
        throw new FormatException(file, "its header is not proper JSON: " + e.getMessage(), e);
      }
    }

    private void parse(JsonReader json) throws IOException {
      Set<String> seen = new HashSet<>();
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (!seen.add(name)) {
          throw wrong("its header has '" + name + "' twice");
        }
        if (name.equals(METADATA)) {
          parseMetadata(json);
        } else {
          entries.add(entry(name, json));
        }
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw wrong("its header goes on after the closing brace");
      }
    }

    private void parseMetadata(JsonReader json) throws IOException {
      json.beginObject();
      while (json.hasNext()) {
        String key = json.nextName();
        if (json.peek() != JsonToken.STRING) {
          throw wrong("the note '" + key + "' in " + METADATA + " is not a string");
        }
        if (metadata.put(key, json.nextString()) != null) {
          throw wrong(METADATA + " has '" + key + "' twice");
        }
      }
      json.endObject();
    }

    private Entry entry(String name, JsonReader json) throws IOException {
      String what = "tensor '" + name + "': ";
      DType dtype = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      Set<String> seen = new HashSet<>();
      json.beginObject();
      while (json.hasNext()) {
        String key = json.nextName();
        if (!seen.add(key)) {
          throw wrong(what + key + " is there twice");
        }
        switch (key) {
          case "dtype" -> dtype = dtype(what, json);
          case "shape" -> shape = numbers(what + "shape", json);
          case "data_offsets" -> offsets = numbers(what + "data_offsets", json);
          default -> json.skipValue();
        }
      }
      json.endObject();
      if (dtype == null || shape == null || offsets == null) {
        throw wrong(what + "needs dtype, shape and data_offsets, has " + seen);
      }
      if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
        throw wrong(what + "data_offsets " + offsets + " are not a begin and an end");
      }
      long begin = offsets.get(0);
      long end = offsets.get(1);
      long bytes = bytes(dtype, shape);
      if (bytes != end - begin) {
        throw wrong(
            what
                + dtype
                + " "
                + shape
                + (bytes < 0 ? " is too large" : " needs " + bytes + " bytes")
                + ", data_offsets give "
                + (end - begin));
      }
      return new Entry(
          name, dtype, Shape.of(shape.stream().mapToLong(Long::longValue).toArray()), begin, end);
    }

    private DType dtype(String what, JsonReader json) throws IOException {
      if (json.peek() != JsonToken.STRING) {
        throw wrong(what + "dtype is not a string");
      }
      String label = json.nextString();
      DType dtype = DTYPES.get(label);
      if (dtype == null) {
        throw wrong(
            what
                + "dtype "
                + label
                + " is not known; fastai4j knows "
                + new TreeSet<>(DTYPES.keySet()));
      }
      return dtype;
    }

    private List<Long> numbers(String what, JsonReader json) throws IOException {
      List<Long> out = new ArrayList<>();
      json.beginArray();
      while (json.hasNext()) {
        String number = json.peek() == JsonToken.NUMBER ? json.nextString() : "";
        if (!number.matches("\\d{1,18}")) {
          throw wrong(
              what + " has " + (number.isEmpty() ? "something" : number) + " for a whole number");
        }
        out.add(Long.valueOf(number));
      }
      json.endArray();
      return out;
    }

    /** The bytes of a tensor, or -1 if there are more than a long can count. */
    private static long bytes(DType dtype, List<Long> shape) {
      long n = dtype.itemSize(); // of a tensor with ones for zeros, which libtorch counts too
      try {
        for (long size : shape) {
          n = Math.multiplyExact(n, Math.max(1, size));
        }
        return shape.contains(0L) ? 0 : n;
      } catch (ArithmeticException tooMany) {
        return -1;
      }
    }

    /** Every byte of the data belongs to just one tensor. */
    private void checkLayout(long dataBytes) {
      List<Entry> inOrder = new ArrayList<>(entries);
      inOrder.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      long at = 0;
      @Nullable Entry last = null;
      for (Entry e : inOrder) {
        if (e.begin > at) {
          throw wrong("the bytes " + at + ".." + e.begin + " of its data belong to no tensor");
        }
        if (e.begin < at) {
          throw wrong(
              "the tensors '" + (last == null ? "" : last.name) + "' and '" + e.name + "' overlap");
        }
        at = e.end;
        last = e;
      }
      if (at > dataBytes) {
        throw wrong("is cut short: its tensors take " + at + " bytes, " + dataBytes + " are there");
      }
      if (at < dataBytes) {
        throw wrong("the last " + (dataBytes - at) + " bytes of its data belong to no tensor");
      }
    }

    private FormatException wrong(String problem) {
      return new FormatException(file, problem);
    }
  }
}
