package org.fastai4j.data;

import java.nio.file.Path;

/** What draws the built-in data sets: the one place that ties {@link URLs} to their drawers. */
final class BuiltInData {
  private BuiltInData() {}

  static void digitsSample(Path folder, Progress progress) {
    throw new DataException("digits_sample is not drawn yet"); // DrawnDigits.writeSample
  }

  static void digits(Path folder, Progress progress) {
    throw new DataException("digits is not drawn yet"); // DrawnDigits.writeAll
  }
}
