package org.fastai4j.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * PyTorch's own files: what {@code torch.save} writes and {@code torch.load} reads.
 *
 * <p>Such a file is an archive of storages and a pickle, a small program, that puts them together.
 * Only tensors, numbers, strings and containers are read. A file that asks for anything else, such
 * as a whole model or a call to the system, is refused by the name it asks for; nothing in it is
 * run.
 *
 * <pre>{@code
 * Map<String, Tensor> weights = Pth.loadStateDict(Path.of("resnet18.pth"));
 * Pth.save(path, weights); // torch.load(path, weights_only=True) reads it
 * }</pre>
 */
public final class Pth {
  /** A value that was stepped over: fastai's lists and NumPy's numbers in an optimizer's state. */
  public record Skipped(String type) {}

  // Not the first of January, beside which Java writes the time of the zone it runs in.
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  /** Where storages begin, in bytes: at a multiple of this, so that a file can be mapped. */
  private static final int ALIGNMENT = 64;

  private static final int LOCAL_HEADER = 30;
  private static final int FIELD_HEADER = 4;

  private Pth() {}

  // ---- reading

  /**
   * What the file holds: tensors, {@code Map}s in their order, {@code List}s (of lists and tuples),
   * strings, {@code Long}, {@code Double}, {@code Boolean} and {@code BigInteger}; None is an empty
   * {@code Optional}. Tensors that shared memory share it again.
   *
   * @throws FormatException if it holds anything else, or is damaged
   */
  public static Object load(Path file) {
    List<Tensor> tensors = new ArrayList<>();
    try (ZipFile zip = open(file)) {
      Object[] result = new Object[1];
      Scope.compute(
          () -> {
            result[0] = new Reading(file, zip).load();
            collect(result[0], tensors);
            return tensors;
          });
      return result[0];
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file + ": " + e, e);
    }
  }

  private static ZipFile open(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (EOFException | ZipException | IllegalArgumentException e) { // the last: a bad name
      throw new FormatException(
          file,
          "is no zip archive ("
              + e.getMessage()
              + "); it is damaged, or was saved before PyTorch 1.6: load it there and save it again",
          e);
    }
  }

  /**
   * The weights by name: the file's own dictionary, or its entry {@code model} (as fastai saves) or
   * {@code state_dict}.
   */
  public static Map<String, Tensor> loadStateDict(Path file) {
    Object value = load(file);
    for (String part : List.of("model", "state_dict")) {
      if (value instanceof Map<?, ?> m && m.get(part) instanceof Map<?, ?> inner) {
        value = inner;
      }
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> m) {
      for (Map.Entry<?, ?> e : m.entrySet()) {
        if (!(e.getKey() instanceof String name) || !(e.getValue() instanceof Tensor t)) {
          throw new FormatException(
              file, "is no state dict: '" + e.getKey() + "' is no tensor; use Pth.load");
        }
        weights.put(name, t);
      }
      return weights;
    }
    throw new FormatException(file, "is no state dict, but a single value; use Pth.load");
  }

  private static void collect(Object value, List<Tensor> into) {
    List<Object> open = new ArrayList<>(List.of(value));
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    while (!open.isEmpty()) {
      Object next = open.remove(open.size() - 1);
      if (next instanceof Tensor t) {
        into.add(t);
      } else if (seen.add(next)) {
        if (next instanceof Map<?, ?> m) {
          open.addAll(m.values());
        } else if (next instanceof List<?> l) {
          open.addAll(l);
        }
      }
    }
  }

  /** One reading of one file. */
  private static final class Reading {
    private final Path file;
    private final ZipFile zip;
    private final Map<String, Tensor> storages = new HashMap<>();
    private String folder = "";

    Reading(Path file, ZipFile zip) {
      this.file = file;
      this.zip = zip;
    }

    Object load() {
      List<String> pickles =
          zip.stream().map(ZipEntry::getName).filter(n -> n.endsWith("/data.pkl")).toList();
      if (pickles.size() != 1) {
        throw new FormatException(
            file, "has " + pickles.size() + " entries called data.pkl; PyTorch's files have one");
      }
      folder = pickles.get(0).substring(0, pickles.get(0).length() - "data.pkl".length());
      if (zip.getEntry(folder + "byteorder") != null
          && !new String(bytes(folder + "byteorder"), UTF_8).strip().equals("little")) {
        throw new FormatException(
            file, "was saved on a big-endian machine, which is not supported");
      }
      return new Unpickler(file, bytes(pickles.get(0)), this::storage).load();
    }

    private byte[] bytes(String name) {
      ZipEntry entry = entry(name);
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] all = in.readAllBytes();
        if (all.length != entry.getSize()) {
          throw new FormatException(file, "its entry " + name + " is cut short");
        }
        return all;
      } catch (EOFException | ZipException e) {
        throw new FormatException(file, "its entry " + name + " is damaged", e);
      } catch (IOException e) {
        throw new UncheckedIOException("could not read " + name + " of " + file, e);
      }
    }

    private Tensor storage(String key, DType dtype, long numel) {
      Tensor known = storages.get(key);
      if (known != null) {
        if (known.dtype() != dtype || known.numel() != numel) {
          throw new FormatException(file, "gives storage " + key + " two types or sizes");
        }
        return known;
      }
      ZipEntry entry = entry(folder + "data/" + key);
      if (numel < 0 || numel > entry.getSize() || numel * dtype.itemSize() != entry.getSize()) {
        throw new FormatException(
            file,
            "storage %s has %d bytes where %d of %s are asked for"
                .formatted(key, entry.getSize(), numel, dtype));
      }
      // A bool's byte must be 0 or 1 for libtorch, and a file may have any.
      Tensor t = Tensor.empty(dtype == DType.BOOL ? DType.UINT8 : dtype, numel);
      CRC32 crc = new CRC32();
      try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
        t.readFrom_(Channels.newChannel(in));
      } catch (EOFException | ZipException e) {
        throw new FormatException(file, "storage " + key + " is cut short", e);
      } catch (IOException e) {
        throw new UncheckedIOException("could not read " + file + ": " + e, e);
      }
      if (crc.getValue() != entry.getCrc()) {
        throw new FormatException(file, "storage " + key + " is damaged: its checksum is wrong");
      }
      Tensor made = dtype == DType.BOOL ? t.ne(0) : t;
      storages.put(key, made);
      return made;
    }

    /** An entry that was stored as it is: one that unpacks to many GB has no place here. */
    private ZipEntry entry(String name) {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        throw new FormatException(file, "lacks its entry " + name);
      }
      if (entry.getMethod() != ZipEntry.STORED) {
        throw new FormatException(
            file, "its entry " + name + " is compressed, which PyTorch's files never are");
      }
      return entry;
    }
  }

  // ---- writing

  /**
   * Writes a state dict, whole or not at all, as Python's {@code torch.load(path,
   * weights_only=True)} reads it. Tensors that share memory are written apart; the same tensors
   * give the same bytes.
   */
  public static void save(Path file, Map<String, Tensor> tensors) {
    WholeFile.write(
        file,
        channel -> {
          ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
          put(zip, channel, "data.pkl", to -> to.write(pickle(tensors)));
          put(zip, channel, "byteorder", to -> to.write("little".getBytes(UTF_8)));
          int key = 0;
          for (Tensor t : tensors.values()) {
            put(zip, channel, "data/" + key++, to -> t.writeTo(Channels.newChannel(to)));
          }
          put(zip, channel, "version", to -> to.write("3\n".getBytes(UTF_8)));
          zip.finish();
        });
  }

  private interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  // An entry that is stored as it is begins with its checksum and size: the body is gone through
  // twice.
  private static void put(ZipOutputStream zip, FileChannel channel, String name, Body body)
      throws IOException {
    CRC32 crc = new CRC32();
    long[] size = new long[1];
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int b) {
            size[0]++;
          }

          @Override
          public void write(byte[] b, int from, int n) {
            size[0] += n;
          }
        };
    body.writeTo(new CheckedOutputStream(counting, crc));
    ZipEntry entry = new ZipEntry("archive/" + name);
    entry.setTimeLocal(NO_TIME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size[0]);
    entry.setCrc(crc.getValue());
    entry.setExtra(padding(channel.position() + LOCAL_HEADER + entry.getName().length()));
    zip.putNextEntry(entry);
    body.writeTo(zip);
    zip.closeEntry();
  }

  /** PyTorch's own filler between an entry's header, which ends here, and its body. */
  private static byte[] padding(long end) {
    int n = (int) Math.floorMod(-(end + FIELD_HEADER), (long) ALIGNMENT);
    return ByteBuffer.allocate(FIELD_HEADER + n)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 'F')
        .put((byte) 'B')
        .putShort((short) n)
        .array();
  }

  private static byte[] pickle(Map<String, Tensor> tensors) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x80, 2});
    orderedDict(out);
    out.writeByte('(');
    int key = 0;
    for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
      Tensor t = e.getValue();
      string(out, e.getKey());
      out.writeBytes("ctorch._utils\n_rebuild_tensor_v2\n((");
      string(out, "storage");
      out.writeBytes("ctorch\n" + storage(t.dtype()) + "\n");
      string(out, Integer.toString(key++));
      string(out, "cpu");
      number(out, t.numel());
      out.writeBytes("tQ");
      number(out, 0);
      long[] size = t.shape().toArray();
      tuple(out, size);
      tuple(out, rowMajor(size));
      out.writeByte(0x89); // requires_grad: no, as in every state dict
      orderedDict(out);
      out.writeBytes("tR");
    }
    out.writeBytes("u.");
    return bytes.toByteArray();
  }

  private static void orderedDict(DataOutputStream out) throws IOException {
    out.writeBytes("ccollections\nOrderedDict\n)R");
  }

  private static void string(DataOutputStream out, String s) throws IOException {
    byte[] bytes = s.getBytes(UTF_8);
    out.writeByte('X');
    out.writeInt(Integer.reverseBytes(bytes.length));
    out.write(bytes);
  }

  private static void number(DataOutputStream out, long n) throws IOException {
    out.write(new byte[] {(byte) 0x8a, Long.BYTES});
    out.writeLong(Long.reverseBytes(n));
  }

  private static void tuple(DataOutputStream out, long... numbers) throws IOException {
    out.writeByte('(');
    for (long n : numbers) {
      number(out, n);
    }
    out.writeByte('t');
  }

  private static long[] rowMajor(long... size) {
    long[] stride = new long[size.length];
    long step = 1;
    for (int i = size.length - 1; i >= 0; i--) {
      stride[i] = step;
      step *= Math.max(1, size[i]);
    }
    return stride;
  }

  private static String storage(DType dtype) {
    return switch (dtype) {
      case BOOL -> "BoolStorage";
      case UINT8 -> "ByteStorage";
      case INT8 -> "CharStorage";
      case INT16 -> "ShortStorage";
      case INT32 -> "IntStorage";
      case INT64 -> "LongStorage";
      case FLOAT16 -> "HalfStorage";
      case BFLOAT16 -> "BFloat16Storage";
      case FLOAT32 -> "FloatStorage";
      case FLOAT64 -> "DoubleStorage";
    };
  }
}
