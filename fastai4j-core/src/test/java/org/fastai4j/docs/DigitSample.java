package org.fastai4j.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.io.Png;

/** A few drawn 3s and 7s in the layout of MNIST_SAMPLE. */
final class DigitSample {
  private DigitSample() {}

  /** Writes {@code train/3, train/7, valid/3, valid/7} with {@code count} images in each. */
  static Path write(Path root, int count) throws IOException {
    int seed = 0;
    for (String part : List.of("train/3", "train/7", "valid/3", "valid/7")) {
      Path folder = Files.createDirectories(root.resolve(part));
      int digit = part.endsWith("3") ? 3 : 7;
      for (int i = 0; i < count; i++) {
        byte[] pixels = DrawnDigits.draw(digit, seed++);
        Files.write(folder.resolve(i + ".png"), Png.encode(28, 28, 1, pixels));
      }
    }
    return root;
  }
}
