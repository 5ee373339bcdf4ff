package org.fastai4j.app;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The target of {@code --json}: a file, or standard output for {@code -}. */
final class JsonFile {
  private JsonFile() {}

  /** Fails now, not after minutes of work, if {@code target} cannot be written. */
  static void check(String target) {
    if (target.equals("-")) {
      return;
    }
    Path file = Path.of(target).toAbsolutePath();
    if (Files.isDirectory(file)) {
      throw new CliException(Main.USAGE, "--json " + target + " is a folder; name a file in it");
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new CliException(Main.USAGE, "--json " + target + " cannot be written: no permission");
    }
    if (!isWrittenInPlace(file)) {
      Folders.requireWritable("--json " + target, parent(file));
    }
  }

  /** Writes all of {@code json} or nothing; to a device, a pipe or a link, just writes it. */
  static void write(String target, JsonObject json, Terminal terminal) {
    String text = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json);
    if (target.equals("-")) {
      terminal.out().println(text);
      return;
    }
    Path file = Path.of(target).toAbsolutePath();
    try {
      if (isWrittenInPlace(file)) {
        Files.writeString(file, text + "\n");
        return;
      }
      Files.createDirectories(parent(file));
      Path half = Files.createTempFile(parent(file), file.getFileName().toString(), ".tmp");
      try {
        Files.writeString(half, text + "\n");
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(half);
      }
    } catch (AccessDeniedException e) {
      throw new CliException(Main.FAILED, "--json " + target + " cannot be written: no permission");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "--json " + target + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** What a file moved into its place would do away with: {@code /dev/null} among them. */
  private static boolean isWrittenInPlace(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }
}
