package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code fastai4j train}. */
@Command(
    name = "train",
    header = "Train a classifier on a folder of images, and save it.",
    description = {
      "",
      "Reads grey images of 28 x 28 pixels from a folder with a folder for each class in train and"
          + " valid (or training and testing), trains a net on them, prints the table of epochs and"
          + " writes model.safetensors and learning_curve.png. Checkpoints are written as it goes;"
          + " after Ctrl-C, or a power cut, --resume goes on where they end and comes to the same"
          + " model."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j train --data mnist_sample --arch simple_net --lr 0.1 --epochs 10",
      "  ./fastai4j train --data mnist_png.tgz --arch simple_cnn --epochs 3 --json -",
      "  ./fastai4j train --data digits --arch simple_cnn --lr find --resume"
    })
final class TrainCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Wiring wiring;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR|ARCHIVE",
      required = true,
      description =
          "The images: mnist_sample, mnist_png (downloaded once), digits_sample, digits (built in),"
              + " a folder, or a .tgz of one.")
  private String data = "";

  @Option(
      names = "--arch",
      paramLabel = "NAME",
      defaultValue = "simple_cnn",
      description =
          "The net: linear, simple_net, simple_cnn, resnet18 ... resnet152, xresnet18 ... xresnet50."
              + " Default: ${DEFAULT-VALUE}.")
  private String arch = "simple_cnn";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often the net sees all training images. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--lr",
      paramLabel = "X|find",
      defaultValue = "0.01",
      description =
          "The learning rate, or 'find' to look for one first. Default: ${DEFAULT-VALUE}.")
  private String lr = "0.01";

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "one-cycle",
      description =
          "How the learning rate changes: one-cycle, flat-cos or constant. Default:"
              + " ${DEFAULT-VALUE}.")
  private String schedule = "one-cycle";

  @Option(
      names = "--bs",
      paramLabel = "N",
      defaultValue = "64",
      description = "Images of one step. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "What weights and order are drawn from. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "Where to train: auto (a GPU if there is one), cpu, cuda or mps. Default:"
              + " ${DEFAULT-VALUE}.")
  private String device = "auto";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/train",
      description = "The folder for the model and its checkpoints. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("out/train");

  @Option(
      names = "--resume",
      description = "Go on from the checkpoints in --out; the other options must be the same.")
  private boolean resume;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write what was measured to FILE; '-' is standard output.")
  private Optional<String> json = Optional.empty();

  @Option(names = "--quiet", description = "Print no progress and no results, only errors.")
  private boolean quiet;

  TrainCommand(Terminal terminal, Wiring wiring) {
    this.terminal = terminal;
    this.wiring = wiring;
  }

  @Override
  public Integer call() {
    if (epochs < 1) {
      throw wrong("--epochs " + epochs + ": at least 1 epoch is needed to train");
    }
    if (batchSize < 1) {
      throw wrong("--bs " + batchSize + ": a step needs at least 1 image");
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw wrong("--out " + out + " is a file; name a folder");
    }
    if (!Folders.canBeMade(out)) {
      throw wrong("--out " + out + " cannot be written: no permission");
    }
    json.ifPresent(JsonFile::check);
    TrainRequest request =
        new TrainRequest(
            data, arch, epochs, rate(), schedule(), batchSize, seed, device, out, resume, quiet);
    JsonObject measured = wiring.trainer().train(request, terminal);
    json.ifPresent(target -> JsonFile.write(target, measured, terminal));
    return measured.has("stopped") ? Main.INTERRUPTED : Main.OK;
  }

  private double rate() {
    if (lr.equals("find")) {
      return Double.NaN;
    }
    try {
      double value = Double.parseDouble(lr);
      if (value > 0 && Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw wrong("--lr " + lr + ": a number above 0, or 'find'");
  }

  private TrainRequest.Schedule schedule() {
    try {
      return TrainRequest.Schedule.valueOf(schedule.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw wrong("--schedule " + schedule + ": there are one-cycle, flat-cos and constant");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
