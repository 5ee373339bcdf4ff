package org.fastai4j.plot;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are either whole or not there. */
final class Output {
  private Output() {}

  static void save(Path file, byte[] bytes) {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new PlotException("save " + file + ": that is a folder; give a file's name");
    }
    try {
      Files.createDirectories(folder);
      Path part =
          folder.resolve(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
      try {
        Files.write(part, bytes);
        move(part, target);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new PlotException(
          "save "
              + file
              + ": "
              + e
              + "; check that the folder can be written and the disk has room",
          e);
    }
  }

  private static void move(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
