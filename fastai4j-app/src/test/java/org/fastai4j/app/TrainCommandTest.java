package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
  private final Path folder;

  TrainCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Pictures of three classes: a bright band at the top, in the middle, at the bottom. */
  private Path bands(int classes) throws IOException {
    Path data = folder.resolve("data");
    for (String split : new String[] {"train", "valid"}) {
      for (int c = 0; c < classes; c++) {
        Path files = Files.createDirectories(data.resolve(split).resolve("band" + c));
        for (int i = 0; i < 24; i++) {
          byte[] pixels = new byte[28 * 28];
          for (int p = 0; p < pixels.length; p++) {
            boolean bright = p / 28 / 10 == c;
            pixels[p] = (byte) (bright ? 200 + i : i * 2);
          }
          Image.fromBytes("L", 28, 28, pixels).save(files.resolve(i + ".png"));
        }
      }
    }
    return data;
  }

  @Test
  void trainsAndSavesAClassifierThatPredicts() throws IOException {
    Path out = folder.resolve("out");
    Cli cli = new Cli().training();
    int status =
        cli.run(
            "train",
            "--data",
            bands(3).toString(),
            "--arch",
            "simple_cnn",
            "--epochs",
            "4",
            "--bs",
            "8",
            "--out",
            out.toString(),
            "--json",
            out.resolve("measured.json").toString());
    assertThat(cli.err()).isEmpty();
    assertThat(status).isZero();
    assertThat(cli.out()).contains("epoch", "accuracy", "Saved");
    JsonObject json =
        JsonParser.parseString(Files.readString(out.resolve("measured.json"))).getAsJsonObject();
    assertThat(json.keySet())
        .contains(
            "data",
            "arch",
            "epochs",
            "seconds",
            "train_loss",
            "valid_loss",
            "accuracy",
            "images_per_second",
            "peak_rss_mb");
    assertThat(json.get("accuracy").getAsDouble()).isGreaterThan(0.9);
    assertThat(out.resolve("learning_curve.png")).isNotEmptyFile();
    ImageClassifier classifier = ImageClassifier.load(out.resolve("model.safetensors"));
    assertThat(classifier.vocab()).containsExactly("band0", "band1", "band2");
    assertThat(classifier.provenance()).containsKeys("data", "seed", "accuracy");
  }

  @Test
  void trainsADeepNetInHalfPrecisionOnChangedImages() throws IOException {
    Path json = folder.resolve("measured.json");
    Cli cli = new Cli().training();
    int status =
        cli.run(
            "train",
            "--data",
            bands(3).toString(),
            "--arch",
            "deep_cnn",
            "--precision",
            "bf16",
            "--augment",
            "digits",
            "--epochs",
            "6",
            "--bs",
            "8",
            "--quiet",
            "--out",
            folder.resolve("out").toString(),
            "--json",
            json.toString());
    assertThat(status).as(cli.err()).isZero();
    JsonObject measured = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertThat(measured.get("precision").getAsString()).isEqualTo("bf16");
    assertThat(measured.get("augment").getAsString()).isEqualTo("digits");
    assertThat(measured.get("accuracy").getAsDouble()).isGreaterThan(0.9);
    assertThat(ImageClassifier.load(folder.resolve("out/model.safetensors")).provenance())
        .containsEntry("augment", "digits")
        .containsEntry("precision", "bf16");
  }

  @Test
  void resumingAFinishedRunChangesNothing() throws IOException {
    String[] args = {
      "train",
      "--data",
      bands(2).toString(),
      "--arch",
      "simple_net",
      "--epochs",
      "2",
      "--bs",
      "8",
      "--lr",
      "0.1",
      "--out",
      folder.resolve("out").toString()
    };
    assertThat(new Cli().training().run(args)).isZero();
    Path model = folder.resolve("out/model.safetensors");
    var weights = ImageClassifier.load(model).predict(Image.open(sample()));
    String[] again = java.util.Arrays.copyOf(args, args.length + 1);
    again[args.length] = "--resume";
    Cli cli = new Cli().training();
    assertThat(cli.run(again)).isZero();
    assertThat(cli.out()).contains("Going on from");
    assertThat(ImageClassifier.load(model).predict(Image.open(sample()))).isEqualTo(weights);
  }

  @ParameterizedTest
  @CsvSource({
    "simple_cnn, 12396, 64", // 44 left out of an epoch
    "simple_cnn, 60000, 64",
    "simple_cnn, 200, 64", // 8
    "simple_cnn, 96, 48", // none, where 64 would leave out 32
    "simple_cnn, 150, 50",
    "simple_cnn, 65, 64",
    "simple_cnn, 64, 64",
    "simple_cnn, 63, 31",
    "simple_cnn, 3, 3",
    "deep_cnn, 60000, 128",
    "deep_cnn, 200, 100"
  })
  void anEpochLeavesOutFewImages(String arch, int images, int batchSize) {
    assertThat(Workbench.batchSize(arch, images)).isEqualTo(batchSize);
  }

  @Test
  void choosesABatchSizeThatFitsAndSaysSo() throws IOException {
    Path json = folder.resolve("measured.json");
    Cli cli = new Cli().training();
    String data = bands(2).toString();
    String out = folder.resolve("out").toString();
    String[] args = {
      "train", "--data", data, "--arch", "simple_net", "--epochs", "1", "--out", out, "--json"
    };
    String[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = json.toString();
    assertThat(cli.run(all)).as(cli.err()).isZero();
    assertThat(cli.out()).contains("24 images a step (--bs sets another number)");
    JsonObject measured = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertThat(measured.get("batch_size").getAsInt()).isEqualTo(24);
  }

  private Path sample() {
    return folder.resolve("data/valid/band1/3.png");
  }

  @Test
  void saysWhatIsWrongBeforeAnyWork() {
    assertThat(fails("--data", "nowhere")).contains("no such data set, folder or archive");
    assertThat(fails("--data", "mnist_sample", "--epochs", "0")).contains("at least 1 epoch");
    assertThat(fails("--data", "mnist_sample", "--lr", "fast")).contains("a number above 0");
    assertThat(fails("--data", "mnist_sample", "--schedule", "x")).contains("one-cycle, flat-cos");
    assertThat(fails("--data", "mnist_sample", "--arch", "alexnet")).contains("simple_cnn");
    assertThat(fails("--data", "mnist_sample", "--precision", "fp8")).contains("fp32 and bf16");
    assertThat(fails("--data", "mnist_sample", "--augment", "x"))
        .contains("none, digits, standard");
    assertThat(fails("--data", "mnist_sample", "--pretrained")).contains("choose --arch resnet18");
    assertThat(fails("--data", "mnist_sample", "--valid-pct", "2")).contains("such as 0.2");
    assertThat(fails("--data", "mnist_sample", "--grey", "--color")).contains("exclude");
    assertThat(fails("--data", "mnist_sample", "--device", "tpu")).contains("auto, cpu, cuda");
    assertThat(fails()).contains("--data");
  }

  @Test
  void dataThatCannotBeTrainedOnAreWrongInput() throws IOException {
    String one = bands(1).toString();
    assertThat(fails("--data", one, "--out", folder.resolve("out").toString()))
        .contains("are of one class, 'band0'");
    String two = bands(2).toString();
    assertThat(fails("--data", two, "--bs", "500", "--out", folder.resolve("out").toString()))
        .contains("has no batch of 500; give a smaller --bs");
  }

  @Test
  void goesOnWithoutImagesThatCannotBeReadIfAsked() throws IOException {
    Path data = bands(2);
    Path bad = Files.writeString(data.resolve("train/band1/3.png"), "no image");
    Files.writeString(data.resolve("valid/band0/0.png"), "");
    String out = folder.resolve("out").toString();
    String[] args = {"--data", data.toString(), "--arch", "simple_net", "--out", out};
    assertThat(fails(args))
        .contains(data.toString())
        .contains("; replace or delete the file, or leave all such out with")
        .contains("--skip-corrupt")
        .doesNotContain("skipCorrupt");

    Cli train = new Cli().training();
    String[] skip = ("train --skip-corrupt " + String.join(" ", args)).split(" ", -1);
    assertThat(train.run(skip)).as(train.err()).isZero();
    assertThat(train.err()).isEmpty();
    assertThat(train.out()).contains("47 images to train on, 47 to validate with");
    assertThat(train.out()).contains("Left out 2 images that cannot be read; the first: " + bad);

    String evaluate =
        "evaluate %s/model.safetensors --data %s --all --out %s".formatted(out, data, out);
    assertThat(new Cli().run(evaluate.split(" ", -1))).isEqualTo(Main.USAGE);
    Cli cli = new Cli();
    assertThat(cli.run((evaluate + " --skip-corrupt").split(" ", -1))).as(cli.err()).isZero();
    assertThat(cli.out()).contains("94 of ").contains("Left out 2 images that cannot be read");
  }

  @Test
  void tellsTheLibrarysAdviceInItsOwnWords() {
    assertThat(UserData.told("x; leave all such out with the option skipCorrupt()"))
        .isEqualTo("x; leave all such out with --skip-corrupt");
    assertThat(UserData.told("a.png is not an image this can read: the file is empty"))
        .endsWith("; replace or delete the file, or leave all such out with --skip-corrupt");
  }

  @Test
  void aLossThatIsNoNumberIsAFailure() throws IOException {
    Cli cli = new Cli().training();
    int status =
        cli.run(
            "train",
            "--data",
            bands(2).toString(),
            "--arch",
            "simple_net",
            "--lr",
            "1e30",
            "--schedule",
            "constant",
            "--out",
            folder.resolve("out").toString());
    assertThat(status).isEqualTo(Main.FAILED);
    assertThat(cli.err()).contains("the training ended early: the ", " loss is ");
  }

  private static String fails(String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "train";
    System.arraycopy(options, 0, args, 1, options.length);
    Cli cli = new Cli().training();
    assertThat(cli.run(args)).isEqualTo(Main.USAGE);
    return cli.err();
  }
}
