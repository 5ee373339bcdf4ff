package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.fastai4j.callback.CSVLogger;
import org.fastai4j.callback.CutMix;
import org.fastai4j.callback.EarlyStopping;
import org.fastai4j.callback.GradientAccumulation;
import org.fastai4j.callback.MixUp;
import org.fastai4j.callback.ReduceLROnPlateau;
import org.fastai4j.callback.SaveModel;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.io.Safetensors;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Dropout;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fit with all that draws and counts ends with the same bits when it was cut off and resumed. */
class ResumedAugmentedFitTest {
  private static final int EPOCHS = 3;

  private final Path root;

  ResumedAugmentedFitTest(@TempDir Path root) {
    this.root = root;
  }

  @BeforeEach
  void draw() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (String folder : List.of("train/a", "train/b", "valid/a", "valid/b")) {
      Files.createDirectories(root.resolve(folder));
      for (int i = 0; i < 11; i++) {
        byte[] pixels = new byte[12 * 12];
        random.nextBytes(pixels);
        Image.fromBytes("L", 12, 12, pixels).save(root.resolve(folder + "/" + i + ".png"));
      }
    }
  }

  private Learner learner(String run) {
    Torch.manualSeed(7);
    DataLoaders dls =
        ImageDataLoaders.fromFolder(
            root,
            o ->
                o.grey()
                    .bs(4)
                    .itemTfms(new FlipItem(), RandomResizedCrop.to(8))
                    .batchTfms(AugTransforms.standard(), Normalize.MNIST, new RandomErasing()));
    Sequential model =
        new Sequential(
            new Conv2d(1, 4, 3), new Dropout(0.3), new Flatten(), new Linear(4 * 6 * 6, 2));
    return Learner.builder(dls, model)
        .loss(new CrossEntropyLoss())
        .callback(new MixUp())
        .callback(new CutMix())
        .callback(new GradientAccumulation(10))
        .callback(new EarlyStopping("valid_loss", 2))
        .callback(new ReduceLROnPlateau("valid_loss", 1))
        .callback(new SaveModel(root.resolve(run + "-best.safetensors"), "valid_loss"))
        .callback(CSVLogger.append(root.resolve(run + ".csv")))
        .quiet()
        .build()
        .checkpoint(root.resolve(run), 1);
  }

  private Path train(Learner learn, String run) {
    learn.fit(EPOCHS, 0.05);
    Path weights = root.resolve(run + ".safetensors");
    Safetensors.save(weights, learn.model().stateDict());
    return weights;
  }

  private void cutOff(Learner learn, int epoch, int batch, boolean training) {
    learn.addCallback(
        Callback.on(
            Event.BEFORE_BATCH,
            l -> {
              if (l.run() == Run.FIT
                  && l.epoch() == epoch
                  && l.iteration() == batch
                  && l.isTraining() == training) {
                throw new IllegalStateException("the power is gone");
              }
            }));
    assertThatThrownBy(() -> train(learn, "none")).hasMessage("the power is gone");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, true", "0, 3, true", "0, 2, false", "1, 4, true", "2, 0, false"})
  void endsWithTheSameBits(int epoch, int batch, boolean training) throws IOException {
    Learner whole = learner("whole");
    Path expected = train(whole, "whole");

    cutOff(learner("cut"), epoch, batch, training);
    Learner resumed = learner("cut");
    assertThat(resumed.resume(root.resolve("cut"))).isTrue();
    assertThat(train(resumed, "cut")).hasSameBinaryContentAs(expected);
    assertThat(root.resolve("cut-best.safetensors"))
        .hasSameBinaryContentAs(root.resolve("whole-best.safetensors"));
    assertThat(rows("cut.csv")).isEqualTo(rows("whole.csv")).hasSize(1 + EPOCHS);
    assertThat(resumed.recorder().values()).isEqualTo(whole.recorder().values());
  }

  /** The lines of the table without the time. */
  private List<String> rows(String file) throws IOException {
    return Files.readAllLines(root.resolve(file)).stream()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }
}
