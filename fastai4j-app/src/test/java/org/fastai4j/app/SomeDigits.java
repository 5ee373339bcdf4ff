package org.fastai4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.io.Png;

/** A few drawn 3s and 7s, in the place and the layout of a data set of fastai's cache. */
final class SomeDigits {
  private SomeDigits() {}

  /** Writes {@code count} images each to {@code train/3}, {@code train/7} and so on. */
  static void write(Path home, String dataSet, int count) throws IOException {
    int seed = 0;
    for (String part : List.of("train/3", "train/7", "valid/3", "valid/7")) {
      Path folder =
          Files.createDirectories(home.resolve(".fastai/data").resolve(dataSet).resolve(part));
      int digit = part.endsWith("3") ? 3 : 7;
      for (int i = 0; i < count; i++) {
        byte[] pixels = DrawnDigits.draw(digit, seed++);
        Files.write(folder.resolve(i + ".png"), Png.encode(28, 28, 1, pixels));
      }
    }
  }
}
