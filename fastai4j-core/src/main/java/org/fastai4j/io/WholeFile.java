package org.fastai4j.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.fastai4j.tensor.Tensor;

/** Writes a file as a whole or not at all, and reads with errors that name the file. */
public final class WholeFile {
  private WholeFile() {}

  /** Something that fills a new file. */
  interface Writer {
    void write(FileChannel out) throws IOException;
  }

  /** Something that takes a value from a file. */
  interface Reader<T> {
    T read(FileChannel in) throws IOException;
  }

  /** As the other {@code write}, of these bytes; the folder is made if it is not there. */
  public static void write(Path target, byte... bytes) {
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("could not make a folder for " + target + ": " + e, e);
    }
    write(target, out -> writeFully(out, ByteBuffer.wrap(bytes)));
  }

  /**
   * Writes to a file beside {@code target}, forces it to the disk and moves it into place: whatever
   * happens, there is the old file or the new one. An interrupt before it does not keep it from
   * that.
   */
  static void write(Path target, Writer writer) {
    boolean interrupted = Thread.interrupted(); // it would close the channel
    Path beside = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel out =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writer.write(out);
        out.force(true);
      }
      try {
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + target + ": " + e, e);
    } finally {
      try {
        Files.deleteIfExists(beside);
      } catch (IOException ignored) {
        // the reason why is on its way to the caller
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static <T> T read(Path source, Reader<T> reader) {
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
      return reader.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + source + ": " + e, e);
    }
  }

  static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Reads the tensor's elements from byte {@code position} on. */
  static Tensor fill(Path file, FileChannel in, long position, Tensor t) {
    try {
      return t.readFrom_(in.position(position));
    } catch (EOFException e) {
      throw new FormatException(file, "became shorter while it was read", e);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file + ": " + e, e);
    }
  }

  /** The next {@code n} bytes of a file that is known to have them. */
  static byte[] readFully(Path file, FileChannel in, int n) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(n);
    while (bytes.hasRemaining()) {
      if (in.read(bytes) < 0) {
        throw new FormatException(
            file, "ends after " + in.position() + " bytes, in the middle of its header");
      }
    }
    return bytes.array();
  }
}
