package org.fastai4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/**
 * What draws the built-in data sets: the one place that ties {@link URLs} to {@link DrawnDigits}.
 */
final class BuiltInData {
  static final DataSource.Drawer DIGITS_SAMPLE = drawer(DrawnDigits::writeSample);
  static final DataSource.Drawer DIGITS = drawer(DrawnDigits::write);

  private BuiltInData() {}

  private static DataSource.Drawer drawer(BiConsumer<Path, DrawnDigits.Progress> write) {
    return (folder, progress) -> {
      try {
        Files.deleteIfExists(folder); // empty: the drawing makes a new one
      } catch (IOException e) {
        throw new DataException("cannot draw into " + folder + ": " + e.getMessage(), e);
      }
      write.accept(folder, (done, total) -> progress.update("Drawing digits", done, total));
    };
  }
}
