package org.fastai4j.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Facts about folders. */
final class Folders {
  private Folders() {}

  /** Whether {@code folder} can be written to, or made if it is not there. */
  static boolean canBeMade(Path folder) {
    Path there = existing(folder);
    return Files.isDirectory(there) && Files.isWritable(there);
  }

  /** Makes {@code folder} and those above it, where they are not there. */
  static void make(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code folder}, or the nearest one above it that is there. */
  static Path existing(Path folder) {
    Path p = folder.toAbsolutePath();
    while (!Files.exists(p)) {
      Path parent = p.getParent();
      if (parent == null) {
        break;
      }
      p = parent;
    }
    return p;
  }

  /** The bytes of all files below {@code folder}; 0 if it is not there. */
  static long size(Path folder) {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
          .mapToLong(f -> f.toFile().length())
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // a file went away, or may not be read: a size is not worth failing for
    }
  }

  /** {@code bytes} as a person says it: {@code 87.1 MB}. */
  static String readable(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    double value = bytes;
    int unit = -1;
    do {
      value /= 1000;
      unit++;
    } while (value >= 999.5 && unit < 4);
    return String.format(
        Locale.ROOT, value < 99.95 ? "%.1f %cB" : "%.0f %cB", value, "kMGTP".charAt(unit));
  }
}
