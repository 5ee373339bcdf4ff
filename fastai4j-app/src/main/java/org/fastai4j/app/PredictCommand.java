package org.fastai4j.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code fastai4j predict}. */
@Command(
    name = "predict",
    header = "Tell what a trained model sees on images.",
    description = {
      "",
      "Prints one line for each image: its name, the class and its probability. An image may have"
          + " any size and be dark on light or light on dark. One that cannot be read is reported,"
          + " the others are done, and the exit status is 1."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j predict out/chapter/model.safetensors photo.png",
      "  ./fastai4j predict out/chapter/model.safetensors scans/*.jpg"
    })
final class PredictCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Wiring wiring;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model that 'chapter' saved, such as out/chapter/model.safetensors.")
  private Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "PNG, JPEG, GIF or BMP files.")
  private List<Path> images = new ArrayList<>();

  PredictCommand(Terminal terminal, Wiring wiring) {
    this.terminal = terminal;
    this.wiring = wiring;
  }

  @Override
  public Integer call() {
    for (Path file : files()) {
      if (!Files.isRegularFile(file)) {
        throw new ParameterException(
            spec.commandLine(),
            file + (Files.exists(file) ? " is a folder; name files" : ": there is no such file"));
      }
    }
    Wiring.Predictor predictor = wiring.model().open(model);
    int width = images.stream().mapToInt(i -> i.toString().length()).max().orElse(1);
    int status = Main.OK;
    for (Path image : images) {
      try {
        Wiring.Prediction p = predictor.predict(image);
        terminal
            .out()
            .printf(
                Locale.ROOT,
                "%-" + width + "s  %s  %6.2f %%%n",
                image,
                p.label(),
                100 * p.probability());
      } catch (RuntimeException e) {
        new Errors(terminal).report(e);
        status = Main.FAILED;
      }
    }
    return status;
  }

  private List<Path> files() {
    List<Path> all = new ArrayList<>(images);
    all.add(0, model);
    return all;
  }
}
