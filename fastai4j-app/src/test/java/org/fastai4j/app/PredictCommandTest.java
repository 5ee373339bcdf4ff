package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fastai4j.tensor.TensorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
  private final Cli cli = new Cli();

  private final Path dir;
  private final String model;
  private final String good;
  private final String bad;

  PredictCommandTest(@TempDir Path dir) throws IOException {
    this.dir = dir;
    model = Files.createFile(dir.resolve("m.safetensors")).toString();
    good = Files.createFile(dir.resolve("good.png")).toString();
    bad = Files.createFile(dir.resolve("bad.png")).toString();
  }

  @Test
  void helpExplainsTheArguments() {
    assertThat(cli.run("predict", "--help")).isZero();
    assertThat(cli.out()).contains("MODEL", "IMAGE", "Examples");
  }

  @Test
  void printsImageClassAndProbability() {
    cli.predictor(image -> List.of(new Wiring.Prediction("7", 0.98765)));
    assertThat(cli.run("predict", model, good)).isZero();
    assertThat(cli.out().strip()).isEqualTo(good + "  7   98.77 %");
  }

  @Test
  void goesOnAfterAnImageThatCannotBeRead() {
    cli.predictor(
        image -> {
          if (image.endsWith("bad.png")) {
            throw new TensorException(image + " is no image");
          }
          return List.of(new Wiring.Prediction("3", 1));
        });
    assertThat(cli.run("predict", model, bad, good)).isEqualTo(1);
    assertThat(cli.err().lines()).containsExactly("fastai4j: " + bad + " is no image");
    assertThat(cli.out().lines()).hasSize(1).first().asString().startsWith(good);
  }

  @Test
  void missingFilesAreMissingInput() {
    assertThat(cli.run("predict", model, dir.resolve("none.png").toString())).isEqualTo(2);
    assertThat(cli.err()).contains("none.png: there is no such file").doesNotContain("\tat ");
  }

  @Test
  void aModelWithoutImagesIsAUsageError() {
    assertThat(cli.run("predict", model)).isEqualTo(2);
    assertThat(cli.err()).contains("IMAGE");
  }
}
