package org.fastai4j.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Facts about folders. */
final class Folders {
  private Folders() {}

  /** Whether {@code folder} can be written to, or made if it is not there. */
  static boolean canBeMade(Path folder) {
    Path there = existing(folder);
    return Files.isDirectory(there) && Files.isWritable(there);
  }

  /**
   * Fails now, not after minutes of work, if no file can be made in {@code folder}. What is made to
   * find out is deleted.
   *
   * @param named the option as the user wrote it
   */
  static void requireWritable(String named, Path folder) {
    whyNot(folder)
        .ifPresent(
            why -> {
              throw new CliException(Main.USAGE, named + " cannot be written: " + why);
            });
  }

  private static Optional<String> whyNot(Path folder) {
    Path there = existing(folder);
    if (!Files.isDirectory(there)) {
      return Optional.of(there + " is a file; name a folder");
    }
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "fastai4j", ".tmp"));
      return Optional.empty();
    } catch (AccessDeniedException e) {
      return Optional.of("no permission to write to " + there);
    } catch (FileSystemException e) {
      return Optional.of(
          e.getReason() == null
              ? "the file system at " + there + " lets no files be made"
              : there + ": " + e.getReason().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      return Optional.of(there + ": " + e.getMessage());
    } finally {
      deleteBelow(there, folder);
    }
  }

  private static void deleteBelow(Path there, Path folder) {
    try {
      for (Path p = folder.toAbsolutePath(); p != null && !p.equals(there); p = p.getParent()) {
        Files.deleteIfExists(p);
      }
    } catch (IOException e) {
      // another process has put something into it
    }
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
