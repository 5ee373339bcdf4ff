package org.fastai4j.app;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
          + " any size; a digit may be dark on light or light on dark. One that cannot be read is"
          + " reported, the others are done, and the exit status is 1."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j predict out/chapter/model.safetensors photo.png",
      "  ./fastai4j predict out/train/model.safetensors --top 3 photos/*.jpg",
      "  ./fastai4j predict out/train/model.safetensors --json - photo.jpg"
    })
final class PredictCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Wiring wiring;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model that 'train' or 'chapter' saved, such as out/train/model.safetensors.")
  private Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "PNG, JPEG, GIF, BMP, TIFF or WebP files.")
  private List<Path> images = new ArrayList<>();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many classes to tell, the most probable first. Default: 1.")
  private int top = 1;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Write the predictions to FILE; '-' is standard output, and nothing else is then.")
  private Optional<String> json = Optional.empty();

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
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top " + top + ": tell at least 1 class");
    }
    json.ifPresent(JsonFile::check);
    Wiring.Predictor predictor = wiring.model().open(model);
    int width = images.stream().mapToInt(i -> i.toString().length()).max().orElse(1);
    int status = Main.OK;
    JsonArray all = new JsonArray();
    for (Path image : images) {
      JsonObject one = new JsonObject();
      one.addProperty("image", image.toString());
      try {
        List<Wiring.Prediction> classes = predictor.predict(image);
        List<Wiring.Prediction> told = classes.subList(0, Math.min(top, classes.size()));
        if (!json.equals(Optional.of("-"))) {
          terminal.out().printf("%-" + width + "s%s%n", image, line(told));
        }
        one.add("classes", new Gson().toJsonTree(told));
      } catch (RuntimeException e) {
        new Errors(terminal).report(e);
        one.addProperty("error", e.getMessage());
        status = Main.FAILED;
      }
      all.add(one);
    }
    JsonObject out = new JsonObject();
    out.addProperty("model", model.toString());
    out.add("predictions", all);
    json.ifPresent(target -> JsonFile.write(target, out, terminal));
    return status;
  }

  private static String line(List<Wiring.Prediction> classes) {
    return classes.stream()
        .map(p -> String.format(Locale.ROOT, "  %s  %6.2f %%", p.label(), 100 * p.probability()))
        .collect(Collectors.joining());
  }

  private List<Path> files() {
    List<Path> all = new ArrayList<>(images);
    all.add(0, model);
    return all;
  }
}
