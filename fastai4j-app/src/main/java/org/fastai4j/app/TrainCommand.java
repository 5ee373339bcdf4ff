package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fastai4j.learner.Learner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "Reads images, each class in a folder of its own: in train and valid (or training and testing),"
          + " or all of them in one folder, of which a fifth is kept aside to validate. Sizes and"
          + " colors may vary. Trains a net on them, prints the table of epochs, and writes"
          + " model.safetensors and learning_curve.png. Checkpoints are written as it goes; after"
          + " Ctrl-C, or a power cut, --resume goes on where they end and comes to the same model."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j train --data mnist_sample --arch simple_net --lr 0.1 --epochs 10",
      "  ./fastai4j train --data mnist_png.tgz --arch simple_cnn --json -",
      "  ./fastai4j train --data mnist_png.tgz --arch deep_cnn --epochs 12",
      "  ./fastai4j train --data photos --arch resnet18 --pretrained --schedule fine-tune --size 160",
      "  ./fastai4j train --data digits --lr find --resume"
    })
final class TrainCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Wiring wiring;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private NetOptions net = new NetOptions();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often the net sees all training images. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--lr",
      paramLabel = "X|find",
      description =
          "The learning rate, or 'find' to look for one first. Default: 0.01 for linear, simple_net,"
              + " simple_cnn and deep_cnn, 0.003 for residual nets, 0.001 for pretrained ones, and 0.002 with"
              + " fine-tune.")
  private Optional<String> lr = Optional.empty();

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "one-cycle",
      description =
          "How the learning rate changes: one-cycle, flat-cos, constant, or fine-tune: one epoch of"
              + " the head alone, then N of all, the body slower. Default: ${DEFAULT-VALUE}.")
  private String schedule = "one-cycle";

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
      description =
          "Write what was measured to FILE; '-' is standard output, and nothing else is then.")
  private Optional<String> json = Optional.empty();

  @Option(names = "--quiet", description = "Print no progress and no results, only errors.")
  private boolean quiet;

  @Option(names = "--watch", description = "Show the training on a page as it goes on.")
  private boolean watch;

  TrainCommand(Terminal terminal, Wiring wiring) {
    this.terminal = terminal;
    this.wiring = wiring;
  }

  @Override
  public Integer call() {
    if (epochs < 1) {
      throw wrong("--epochs " + epochs + ": at least 1 epoch is needed to train");
    }
    Folders.requireWritable("--out " + out, out);
    json.ifPresent(JsonFile::check);
    NetRequest wanted = net.request();
    TrainRequest.Schedule change = schedule();
    TrainRequest request =
        new TrainRequest(
            data.request(),
            wanted,
            epochs,
            rate(wanted, change),
            change,
            out,
            resume,
            quiet || json.filter("-"::equals).isPresent(),
            watch);
    JsonObject measured = wiring.trainer().train(request, terminal);
    json.ifPresent(target -> JsonFile.write(target, measured, terminal));
    return measured.has("stopped") ? stopped(measured.get("stopped").getAsString()) : Main.OK;
  }

  /** What ends a training early is the user, or else a loss that is no number. */
  private int stopped(String reason) {
    if (reason.equals(Learner.ASKED_TO_STOP)) {
      return Main.INTERRUPTED;
    }
    terminal.err().println("fastai4j: the training ended early: " + reason);
    return Main.FAILED;
  }

  private double rate(NetRequest wanted, TrainRequest.Schedule change) {
    String text = lr.orElse("");
    if (text.isEmpty()) {
      return Workbench.usualRate(wanted, change);
    }
    if (text.equals("find")) {
      return Double.NaN;
    }
    try {
      double value = Double.parseDouble(text);
      if (value > 0 && Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw wrong("--lr " + text + ": a number above 0, or 'find'");
  }

  private TrainRequest.Schedule schedule() {
    try {
      return TrainRequest.Schedule.valueOf(schedule.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw wrong(
          "--schedule " + schedule + ": there are one-cycle, flat-cos, constant and fine-tune");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
