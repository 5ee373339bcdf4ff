package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code fastai4j chapter}. */
@Command(
    name = "chapter",
    header = "Train a classifier of 3s and 7s, step by step, and write the story as a page.",
    description = {
      "",
      "Runs the chapter 'Under the hood: training a digit classifier' from the first pixel to a"
          + " two-layer net, prints its tables and predictions, and writes a page with every"
          + " picture beside it. Results go to standard output, progress to standard error."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j chapter --open",
      "  ./fastai4j chapter --data digits_sample --epochs 10",
      "  ./fastai4j chapter --data mnist_sample.tgz --out report --seed 1",
      "  ./fastai4j chapter --json -"
    })
final class ChapterCommand implements Callable<Integer> {
  private static final List<String> DATA_SETS = List.of("mnist_sample", "digits_sample");

  private final Terminal terminal;
  private final Wiring wiring;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR|ARCHIVE",
      description =
          "The images: 'mnist_sample' (downloaded once, 3 MB), 'digits_sample' (built in), a folder"
              + " with train/3, train/7, valid/3 and valid/7, or a .tgz of one. Default:"
              + " mnist_sample, and digits_sample where there is no network.")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/chapter",
      description = "The folder for the report. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("out/chapter");

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "What weights, noise and order are drawn from. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "40",
      description = "How often the two-layer net sees all images. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Write what was measured to FILE; '-' is standard output, and nothing else is then.")
  private Optional<String> json = Optional.empty();

  @Option(names = "--open", description = "Show the report in the browser at the end.")
  private boolean open;

  @Option(names = "--quiet", description = "Print no progress and no results, only errors.")
  private boolean quiet;

  ChapterCommand(Terminal terminal, Wiring wiring) {
    this.terminal = terminal;
    this.wiring = wiring;
  }

  @Override
  public Integer call() {
    if (epochs < 1) {
      throw wrong("--epochs " + epochs + ": at least 1 epoch is needed to train");
    }
    Folders.requireWritable("--out " + out, out);
    data.ifPresent(this::checkData);
    json.ifPresent(JsonFile::check);
    ChapterRequest request =
        new ChapterRequest(data, out, seed, epochs, quiet || json.equals(Optional.of("-")));
    long start = System.currentTimeMillis() - 1000; // files' clocks lag by some milliseconds
    try (var onCtrlC = new Interruption(terminal.err(), () -> kept(start))) {
      JsonObject measured = wiring.chapter().run(request, terminal);
      json.ifPresent(target -> JsonFile.write(target, measured, terminal));
    }
    if (open) {
      Browser.open(out.resolve("index.html"), terminal);
    }
    return Main.OK;
  }

  private void checkData(String name) {
    if (DATA_SETS.contains(name)) {
      return;
    }
    boolean there;
    try {
      there = Files.exists(Path.of(name));
    } catch (InvalidPathException e) {
      there = false;
    }
    if (!there) {
      throw wrong(
          "--data "
              + name
              + ": no such data set, folder or archive; data sets are "
              + String.join(" and ", DATA_SETS));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** What is left in the report's folder by a run that began at {@code start}. */
  private String kept(long start) {
    long pictures = 0;
    if (Files.isDirectory(out)) {
      try (Stream<Path> files = Files.list(out)) {
        pictures = files.filter(f -> f.toFile().lastModified() >= start).count();
      } catch (IOException e) {
        pictures = 0;
      }
    }
    return (pictures == 0
            ? "nothing new was written to " + out
            : String.format(
                Locale.ROOT, "%d new file%s in %s", pictures, pictures == 1 ? " is" : "s are", out))
        + "; data that was downloaded or unpacked completely is kept for the next run";
  }
}
