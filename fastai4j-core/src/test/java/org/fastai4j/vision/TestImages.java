package org.fastai4j.vision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Image files for tests. */
final class TestImages {
  private TestImages() {}

  /** Writes a grey image of one value. */
  static Path save(Path file, int width, int height, int value) {
    byte[] pixels = new byte[width * height];
    Arrays.fill(pixels, (byte) value);
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Image.fromBytes("L", width, height, pixels).save(file);
    return file;
  }
}
