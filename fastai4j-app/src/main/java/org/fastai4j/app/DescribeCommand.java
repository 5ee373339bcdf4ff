package org.fastai4j.app;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code fastai4j describe}. */
@Command(
    name = "describe",
    header = "Tell what a trained model is, and where it comes from.",
    description = {
      "",
      "Prints the net, its classes, what it sees of an image, and what the training wrote down:"
          + " data and their digest, seed, versions, options and results."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j describe out/train/model.safetensors",
      "  ./fastai4j describe out/train/model.safetensors --json -"
    })
final class DescribeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model that 'train' saved.")
  private Path model = Path.of("");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write it to FILE; '-' is standard output, and nothing else is then.")
  private Optional<String> json = Optional.empty();

  DescribeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    json.ifPresent(JsonFile::check);
    ImageClassifier classifier = ModelFile.load(model);
    if (!json.equals(Optional.of("-"))) {
      facts(classifier).forEach((name, value) -> terminal.out().printf("%-13s  %s%n", name, value));
    }
    json.ifPresent(target -> JsonFile.write(target, toJson(classifier), terminal));
    return Main.OK;
  }

  /** What there is to know of a model, as text by name. */
  static Map<String, String> facts(ImageClassifier classifier) {
    ImageInput input = classifier.input();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("arch", classifier.arch());
    facts.put("parameters", String.format("%,d", classifier.model().countParameters()));
    facts.put("classes", String.join(", ", classifier.vocab()));
    facts.put(
        "input",
        "%s, %d x %d%s%s"
            .formatted(
                input.channels() == 1 ? "grey" : "color",
                input.width(),
                input.height(),
                input.digit() ? ", digits cut out and centered" : "",
                input.mean().isEmpty() ? "" : ", normalized"));
    facts.putAll(classifier.provenance());
    return facts;
  }

  static JsonObject toJson(ImageClassifier classifier) {
    JsonObject out = new JsonObject();
    out.addProperty("arch", classifier.arch());
    out.addProperty("parameters", classifier.model().countParameters());
    out.add("classes", new Gson().toJsonTree(classifier.vocab()));
    out.add("input", new Gson().toJsonTree(classifier.input()));
    out.add("provenance", new Gson().toJsonTree(classifier.provenance()));
    return out;
  }
}
