package org.fastai4j.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.data.Progress;
import org.fastai4j.io.Png;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChapterTest {
  private final Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  ChapterTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void measuresOnTheRealImagesWhatTheChapterTells() throws IOException {
    Path data = unpack(RealData.archive("mnist_sample.tgz"));

    JsonObject measured = run(data, 40);

    JsonObject baseline = measured.getAsJsonObject("baseline_accuracy");
    assertThat(baseline.get("threes").getAsDouble()).isEqualTo(0.9168, within(5e-5));
    assertThat(baseline.get("sevens").getAsDouble()).isEqualTo(0.9854, within(5e-5));
    assertThat(baseline.get("mean").getAsDouble()).isEqualTo(0.9511, within(5e-5));
    assertThat(measured.get("a3_l1_to_3").getAsDouble()).isEqualTo(0.111437, within(1e-6));
    assertThat(measured.get("a3_rmse_to_3").getAsDouble()).isEqualTo(0.202083, within(1e-6));
    assertThat(measured.get("a3_l1_to_7").getAsDouble()).isEqualTo(0.158619, within(1e-6));
    assertThat(measured.get("a3_rmse_to_7").getAsDouble()).isEqualTo(0.302109, within(1e-6));
    assertThat(measured.get("prediction").getAsString()).isEqualTo("7");
    assertThat(measured.get("images").getAsInt()).isEqualTo(14434);
    assertThat(measured.get("linear_by_hand_accuracy").getAsDouble()).isGreaterThan(0.97);
    assertThat(measured.get("linear_accuracy").getAsDouble()).isGreaterThan(0.975);
    assertThat(measured.get("simple_net_accuracy").getAsDouble()).isGreaterThanOrEqualTo(0.980);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("(#6131) [train/3/10.png,train/3/10000.png,")
        .contains("[6131, 28, 28]")
        .contains("Prediction is 7!")
        .contains("3s 0.9168, 7s 0.9854, mean 0.9511")
        .doesNotContain("\r");

    String page = Files.readString(folder.resolve("out/index.html"));
    assertThat(page.replaceAll("base64,[^\"]*", ""))
        .doesNotContainPattern("\\{\\{[a-z]") // no gap is left
        .doesNotContain("NaN")
        .doesNotContain("http"); // nothing comes from elsewhere
    for (String picture :
        List.of("step1", "step2", "step3", "step4", "step4_1", "step5", "mean_digits")) {
      assertThat(Image.open(folder.resolve("out/" + picture + ".png")).width()).isGreaterThan(100);
    }
    ImageClassifier net = ImageClassifier.load(folder.resolve("out/model.safetensors"));
    assertThat(net.predict(Image.open(data.resolve("valid/7/0.png"))).label()).isEqualTo("7");
  }

  @Test
  void givesTheSameResultForTheSameSeed() throws IOException {
    Path data = drawn(30);
    JsonObject first = run(data, 2);
    String losses = printed.toString(StandardCharsets.UTF_8);
    printed.reset();

    assertThat(run(data, 2).get("simple_net_accuracy")).isEqualTo(first.get("simple_net_accuracy"));
    assertThat(printed.toString(StandardCharsets.UTF_8).replaceAll("\\d\\d:\\d\\d|\\(.* s\\)", ""))
        .isEqualTo(losses.replaceAll("\\d\\d:\\d\\d|\\(.* s\\)", ""));
  }

  @Test
  void namesTheFolderThatIsMissing() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data/train/3"));
    assertThatThrownBy(() -> run(data.resolve("../.."), 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has no folder train/7");
  }

  @Test
  void saysThatAFolderHasTooFewImages() throws IOException {
    Path data = folder.resolve("data");
    for (String part : List.of("train/3", "train/7", "valid/3", "valid/7")) {
      Files.createDirectories(data.resolve(part));
    }
    assertThatThrownBy(() -> run(data, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train/3 has 0 images");
  }

  @Test
  void namesTheImageThatCannotBeRead() throws IOException {
    Path data = drawn(30);
    Path broken = data.resolve("valid/7/5.png");
    Files.write(broken, List.of("no image"));
    assertThatThrownBy(() -> run(data, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(broken.toString());
    assertThat(folder.resolve("out/index.html")).doesNotExist();
  }

  @Test
  void namesTheImageThatIsOfAnotherSize() throws IOException {
    Path data = drawn(30);
    Path large = data.resolve("train/3/9.png");
    Files.write(large, Png.encode(30, 28, 1, new byte[30 * 28]));
    assertThatThrownBy(() -> run(data, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(large.toString())
        .hasMessageContaining("30")
        .hasMessageContaining("28");
  }

  @Test
  void refusesImagesThatAreNotTheChaptersSize() throws IOException {
    Path data = folder.resolve("data");
    for (String part : List.of("train/3", "train/7", "valid/3", "valid/7")) {
      Path digits = Files.createDirectories(data.resolve(part));
      for (int i = 0; i < 15; i++) {
        Files.write(digits.resolve(i + ".png"), Png.encode(32, 32, 1, new byte[32 * 32]));
      }
    }
    assertThatThrownBy(() -> run(data, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("28 by 28 pixels, these are 32 by 32");
  }

  @Test
  void leavesNothingHalfWrittenWhereTheFolderCannotBeMade() throws IOException {
    Path data = drawn(30);
    Files.writeString(folder.resolve("out"), "a file in the way");
    assertThatThrownBy(() -> run(data, 1)).hasMessageContaining("cannot make the folder");
    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("a file in the way");
  }

  @Test
  void refusesToTrainForNoEpochs() {
    assertThatThrownBy(() -> run(folder, 0)).hasMessageContaining("at least 1");
  }

  @Test
  void leavesNoPartsOfFiles() throws IOException {
    run(drawn(30), 1);
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertThat(files.map(f -> f.getFileName().toString())).noneMatch(n -> n.startsWith("."));
    }
  }

  private JsonObject run(Path data, int epochs) {
    return Chapter.run(
        new ChapterOptions(
            Optional.of(data.toString()),
            folder.resolve("out"),
            42,
            epochs,
            new PrintStream(printed, true, StandardCharsets.UTF_8),
            false,
            Progress.SILENT));
  }

  private Path drawn(int each) throws IOException {
    Path data = folder.resolve("data");
    for (String part : List.of("train/3", "train/7", "valid/3", "valid/7")) {
      Path digits = Files.createDirectories(data.resolve(part));
      for (int i = 0; i < each; i++) {
        byte[] pixels = DrawnDigits.draw(part.endsWith("3") ? 3 : 7, i + part.hashCode());
        Files.write(digits.resolve(i + ".png"), Png.encode(28, 28, 1, pixels));
      }
    }
    return data;
  }

  private Path unpack(Path archive) {
    return DataCache.at(folder.resolve("cache")).untarData(archive);
  }
}
