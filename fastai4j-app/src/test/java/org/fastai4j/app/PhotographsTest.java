package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fastai4j.app.Wiring.Prediction;
import org.fastai4j.io.Pth;
import org.fastai4j.tensor.Device;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a folder of color pictures of varied sizes to a model, and all that is done with one. */
class PhotographsTest {
  @TempDir static Path folder = Path.of("");
  private static Path data = Path.of("");
  private static Path model = Path.of("");
  private static JsonObject trained = new JsonObject();

  private static final String[] TRAIN = {
    "--arch", "resnet18", "--schedule", "fine-tune", "--size", "32", "--bs", "8", "--epochs", "3"
  };

  @BeforeAll
  static void train() {
    data = Photographs.write(folder.resolve("photographs"), 68);
    model = folder.resolve("out/model.safetensors");
    trained = json("train", with(TRAIN, "--valid-pct", "0.25", "--quiet"));
  }

  private static String[] with(String[] options, String... more) {
    String[] all = Arrays.copyOf(options, options.length + more.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return all;
  }

  /** Runs a command on the photographs and gives its JSON. */
  private static JsonObject json(String command, String... options) {
    String[] head = {
      command, "--data", data.toString(), "--out", folder.resolve("out").toString(), "--json", "-"
    };
    Cli cli = new Cli().training();
    assertThat(cli.run(with(head, options))).as(cli.err()).isZero();
    return JsonParser.parseString(cli.out()).getAsJsonObject();
  }

  @Test
  void trainsAPhotographClassifier() {
    assertThat(trained.get("accuracy").getAsDouble()).isGreaterThan(0.9);
    assertThat(trained.get("channels").getAsInt()).isEqualTo(3);
    assertThat(trained.get("classes").getAsInt()).isEqualTo(3);
    assertThat(trained.get("size").getAsInt()).isEqualTo(32);
  }

  @Test
  void theModelPredictsAndTellsWhereItComesFrom() {
    ImageClassifier classifier = ImageClassifier.load(model);
    Path photo = data.resolve("sea/photo3.png");
    assertThat(classifier.predict(Image.open(photo)).label()).isEqualTo("sea");
    assertThat(classifier.provenance())
        .containsEntry("data_digest", ImageFolder.find(data.toString(), terminal(), true).digest())
        .containsEntry("seed", "42")
        .containsEntry("schedule", "fine-tune")
        .containsEntry("valid_images", "51")
        .containsKeys("fastai4j", "libtorch", "java", "lr", "epochs", "accuracy", "valid_loss");
    Cli cli = new Cli();
    assertThat(cli.run("describe", model.toString())).isZero();
    assertThat(cli.out()).contains("field, sea, wood", "color, 32 x 32", "data_digest");
  }

  private static Terminal terminal() {
    return new Terminal(System.out, System.err, false, false, false, Map.of());
  }

  @Test
  void evaluatesOnWhatTrainingKeptAside() throws IOException {
    JsonObject measured = json("evaluate", model.toString(), "--top", "3");
    assertThat(measured.get("images").getAsInt()).isEqualTo(51);
    assertThat(measured.get("accuracy").getAsDouble())
        .isCloseTo(trained.get("accuracy").getAsDouble(), within(1e-6));
    assertThat(measured.get("loss").getAsDouble())
        .isCloseTo(trained.get("valid_loss").getAsDouble(), within(1e-4));
    assertThat(measured.getAsJsonArray("top_losses")).hasSize(3);
    assertThat(Files.readString(folder.resolve("out/index.html")))
        .contains("51 images", "wood", "data:image/png;base64,")
        .containsPattern("<th>(field|sea|wood)/photo\\d+\\.png</th>")
        .doesNotContain("{{");
    JsonObject all = json("evaluate", model.toString(), "--all");
    assertThat(all.get("images").getAsInt()).isEqualTo(204);
  }

  @Test
  void suggestsLearningRatesAndDrawsThem() {
    JsonObject found = json("lr-find", "--arch", "resnet18", "--size", "32", "--bs", "16");
    assertThat(found.getAsJsonObject("suggestions").keySet())
        .containsExactlyInAnyOrder("valley", "steep", "minimum", "slide");
    assertThat(found.getAsJsonObject("suggestions").get("valley").getAsDouble())
        .isBetween(1e-7, 10.0);
    assertThat(folder.resolve("out/lr_find.png")).isNotEmptyFile();
  }

  @Test
  void exportsForOtherPrograms() {
    Path onnx = folder.resolve("new/model.onnx");
    Path pth = folder.resolve("new/model.pth");
    assertThat(new Cli().run("export", model.toString(), "--onnx", "" + onnx, "--pth", "" + pth))
        .isZero();
    assertThat(onnx).isNotEmptyFile();
    assertThat(Pth.loadStateDict(pth).keySet())
        .isEqualTo(ImageClassifier.load(model).model().stateDict().keySet());
    Cli none = new Cli();
    assertThat(none.run("export", model.toString())).isEqualTo(Main.USAGE);
    assertThat(none.err()).contains("--onnx FILE or --pth FILE");
  }

  @Test
  void goesOnOnlyWithTheOptionsItWasBegunWith() {
    String out = folder.resolve("out").toString();
    String[] head = {"train", "--data", data.toString(), "--out", out, "--resume"};
    Cli cli = new Cli().training();
    assertThat(cli.run(with(with(head, TRAIN), "--valid-pct", "0.25", "--seed", "7")))
        .isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains("was begun with seed 42, now it is 7");
  }

  @Test
  void refusesAClassThatTheModelDoesNotKnow() {
    Path other = Photographs.write(folder.resolve("other"), 2);
    assertThat(other.resolve("sea").toFile().renameTo(other.resolve("lake").toFile())).isTrue();
    Cli cli = new Cli();
    assertThat(cli.run("evaluate", model.toString(), "--data", other.toString()))
        .isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains("'lake', which is no class").contains("field, sea, wood");
  }

  @Test
  void saysWhyThereIsNoGpu() {
    assumeFalse(Device.cuda(0).isAvailable(), "this machine has a GPU");
    Cli cli = new Cli();
    assertThat(cli.run("evaluate", model.toString(), "--data", "x", "--device", "cuda"))
        .isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains("--device cuda: ").containsAnyOf("driver", "for CPUs");
  }

  @Test
  void tellsTheMostProbableClasses() {
    Cli cli =
        new Cli()
            .predictor(image -> List.of(new Prediction("sea", 0.75), new Prediction("wood", 0.25)));
    String photo = data.resolve("sea/photo3.png").toString();
    assertThat(cli.run("predict", model.toString(), "--top", "2", photo)).isZero();
    assertThat(cli.out().strip()).isEqualTo(photo + "  sea   75.00 %  wood   25.00 %");
  }
}
