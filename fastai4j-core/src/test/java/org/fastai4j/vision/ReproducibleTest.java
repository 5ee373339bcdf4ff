package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.io.Safetensors;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Dropout;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same weights. */
class ReproducibleTest {
  private final Path folder;

  ReproducibleTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private void drawImages() throws IOException {
    Random random = new Random(7);
    for (String split : new String[] {"train", "valid"}) {
      for (int i = 0; i < 60; i++) {
        byte[] pixels = new byte[12 * 12];
        random.nextBytes(pixels);
        Path file = folder.resolve(split + "/" + (i % 2 == 0 ? "a" : "b") + "/" + i + ".png");
        Files.createDirectories(file.getParent());
        Image.fromBytes("L", 12, 12, pixels).save(file);
      }
    }
  }

  /** The bytes of the weights after two epochs with so many threads that load images. */
  private byte[] train(long seed, int threads, long cacheBytes) throws IOException {
    Torch.setSeed(seed);
    DataLoaders dls =
        ImageDataLoaders.fromFolder(
            folder, o -> o.bs(8).grey().threads(threads).cacheBytes(cacheBytes));
    Module model =
        new Sequential(
            new Conv2d(1, 4, 3, 2, 1),
            new BatchNorm2d(4),
            new ReLU(),
            new Flatten(),
            new Dropout(0.3),
            new Linear(4 * 6 * 6, 2));
    Learner.builder(dls, model).loss(new CrossEntropyLoss()).quiet().build().fitOneCycle(2, 0.01);
    Path file = folder.resolve("weights.safetensors");
    Safetensors.save(file, model.stateDict());
    return Files.readAllBytes(file);
  }

  @Test
  void givesTheSameBitsWhateverTheNumberOfLoaderThreads() throws IOException {
    drawImages();
    byte[] one = train(42, 1, 0);
    assertThat(train(42, 4, 0)).isEqualTo(one);
    assertThat(train(42, 4, 1 << 20)).isEqualTo(one); // decoded images are kept
    assertThat(train(43, 1, 0)).isNotEqualTo(one);
  }
}
