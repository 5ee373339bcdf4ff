package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code fastai4j evaluate}. */
@Command(
    name = "evaluate",
    header = "Measure a trained model, and show what it gets most wrong.",
    description = {
      "",
      "Prints accuracy, the confusion matrix and a report of each class, and writes a page with them"
          + " and the most wrong images. Measured are the images in 'valid' (or val, testing,"
          + " test), or those that training kept aside if these are the same data, or else all."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j evaluate out/train/model.safetensors --data mnist_sample",
      "  ./fastai4j evaluate out/train/model.safetensors --data photos --all --json -"
    })
final class EvaluateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model that 'train' saved.")
  private Path model = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR|ARCHIVE",
      required = true,
      description = "The images, as for 'train': each class in a folder of its own.")
  private String data = "";

  @Option(names = "--all", description = "Measure all of them, those for training too.")
  private boolean all;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "12",
      description = "How many of the most wrong images to show. Default: ${DEFAULT-VALUE}.")
  private int top = 12;

  @Option(
      names = "--bs",
      paramLabel = "N",
      defaultValue = "64",
      description = "Images that are measured at once. Default: ${DEFAULT-VALUE}.")
  private int batchSize = 64;

  @Option(
      names = "--skip-corrupt",
      description =
          "Leave out images that cannot be read, and tell how many; otherwise the first one ends it.")
  private boolean skipCorrupt;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "Where to measure: auto, cpu, cuda or mps. Default: ${DEFAULT-VALUE}.")
  private String device = "auto";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/evaluate",
      description = "The folder for the page. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("out/evaluate");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Write what was measured to FILE; '-' is standard output, and nothing else is then.")
  private Optional<String> json = Optional.empty();

  EvaluateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (top < 1 || batchSize < 1) {
      throw new ParameterException(spec.commandLine(), "--top and --bs are at least 1");
    }
    Folders.requireWritable("--out " + out, out);
    json.ifPresent(JsonFile::check);
    boolean quiet = json.equals(Optional.of("-"));
    DataRequest images =
        new DataRequest(
            data,
            OptionalDouble.empty(),
            OptionalInt.empty(),
            DataRequest.Channels.AUTO,
            OptionalInt.of(batchSize),
            0,
            skipCorrupt);
    Evaluation evaluation =
        Evaluation.of(model, images, all, Devices.find(device), terminal, quiet);
    if (!quiet) {
      terminal.out().print(evaluation.text());
    }
    Path page = out.resolve("index.html");
    Folders.make(out);
    new EvaluationPage(evaluation, top).write(page);
    if (!quiet) {
      terminal.out().println("Report in " + page);
    }
    JsonObject measured = evaluation.toJson(top);
    measured.addProperty("report", page.toString());
    json.ifPresent(target -> JsonFile.write(target, measured, terminal));
    return Main.OK;
  }
}
