package org.fastai4j.app;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fastai4j.io.FormatException;
import org.fastai4j.vision.ImageClassifier;

/** The file that {@code MODEL} names. */
final class ModelFile {
  private ModelFile() {}

  /** The classifier in {@code file}; says what to name if there is none. */
  static ImageClassifier load(Path file) {
    if (Files.isDirectory(file)) {
      throw new CliException(
          Main.USAGE, file + " is a folder; name a file, such as model.safetensors in it");
    }
    if (!Files.exists(file)) {
      throw new CliException(
          Main.USAGE,
          file + ": there is no such file; 'train' saves out/train/model.safetensors by default");
    }
    try {
      return ImageClassifier.load(file);
    } catch (FormatException e) {
      throw new CliException(
          Main.USAGE,
          "%s is not a model file that can be read; name one that 'train' saved, such as out/train/model.safetensors (%s)"
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
