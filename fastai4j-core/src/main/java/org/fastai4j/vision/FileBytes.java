package org.fastai4j.vision;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.fastai4j.data.DataException;

/** The bytes of one file after another, in a buffer that is used again; for one thread. */
final class FileBytes {
  /**
   * Reads of up to this many bytes go through the stack in {@link FileInputStream}: half a call.
   */
  private static final int SMALL = 8192;

  /** The largest file that is read as an image. */
  private static final int MAX = 1 << 29;

  /** The buffer that is kept from one file to the next. */
  private static final int KEPT = 1 << 25;

  private byte[] buffer = new byte[SMALL];
  private int length;

  /** Valid up to {@link #length}, until the next {@link #read}. */
  byte[] buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  void read(Path file) {
    length = 0;
    if (buffer.length > KEPT) {
      buffer = new byte[SMALL];
    }
    try (InputStream in = open(file)) {
      int got;
      while ((got = in.read(buffer, length, buffer.length - length)) > 0) {
        length += got;
        if (endsAsPng()) {
          return;
        }
        if (length == buffer.length) {
          grow(file);
        }
      }
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + reason(file, e), e);
    }
  }

  /** Takes {@code bytes}, which must stay as they are, for those of a file. */
  void wrap(byte[] bytes) {
    buffer = bytes;
    length = bytes.length;
  }

  private static InputStream open(Path file) throws IOException {
    if (file.getFileSystem() == FileSystems.getDefault()) {
      try {
        return new FileInputStream(file.toFile());
      } catch (FileNotFoundException e) { // or a name that is no text in the system's encoding
        if (!Files.isRegularFile(file)) {
          throw e;
        }
      }
    }
    return Files.newInputStream(file);
  }

  private static String reason(Path file, IOException e) {
    if (Files.isDirectory(file)) {
      return "it is a folder";
    }
    if (Files.notExists(file)) {
      return "it does not exist";
    }
    return String.valueOf(e.getMessage());
  }

  /** True if the last chunk read is a PNG's end: then no second call need find the file's end. */
  private boolean endsAsPng() {
    int n = length;
    return n >= 12
        && n < SMALL
        && buffer[n - 8] == 'I'
        && buffer[n - 7] == 'E'
        && buffer[n - 6] == 'N'
        && buffer[n - 5] == 'D'
        && buffer[n - 4] == (byte) 0xAE
        && buffer[n - 3] == 0x42
        && buffer[n - 2] == 0x60
        && buffer[n - 1] == (byte) 0x82;
  }

  private void grow(Path file) {
    if (length >= MAX) {
      throw new DataException(
          "%s is larger than %d MB, too large for an image".formatted(file, MAX >> 20));
    }
    buffer = Arrays.copyOf(buffer, length * 4);
  }
}
