package org.fastai4j.app;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fastai4j.learner.LRFind;
import org.fastai4j.learner.Learner;
import org.fastai4j.optim.LRSuggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code fastai4j lr-find}. */
@Command(
    name = "lr-find",
    header = "Look for a learning rate: what four rules suggest, and a plot.",
    description = {
      "",
      "Trains on at most 100 batches while the learning rate grows from 1e-7 to 10, until the loss"
          + " runs away. Prints what each rule suggests and writes lr_find.png. A pretrained net is"
          + " tried with all but its head frozen, as 'train --schedule fine-tune' begins."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j lr-find --data mnist_sample --arch simple_net",
      "  ./fastai4j lr-find --data photos --arch resnet18 --pretrained --json -"
    })
final class LrFindCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private NetOptions net = new NetOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/lr-find",
      description = "The folder for the plot. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("out/lr-find");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Write suggestions, rates and losses to FILE; '-' is standard output, and nothing else is"
              + " then.")
  private Optional<String> json = Optional.empty();

  LrFindCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Folders.requireWritable("--out " + out, out);
    json.ifPresent(JsonFile::check);
    boolean quiet = json.equals(Optional.of("-"));
    PrintStream told = quiet ? new PrintStream(PrintStream.nullOutputStream()) : terminal.out();
    NetRequest wanted = net.request();
    DataRequest images = data.request();
    Workbench bench = Workbench.open(images, wanted, terminal, quiet);
    told.println(bench.images());
    bench.tellBatchSize(images, told);
    Learner learn = bench.learner(Learner.Builder::quiet);
    if (wanted.pretrained()) {
      learn.freeze();
    }
    LRFind found = UserData.read(learn::lrFind);

    JsonObject suggestions = new JsonObject();
    told.println("rule     learning rate  where");
    for (LRSuggestion rule : LRSuggestion.values()) {
      double lr = suggestion(found, rule);
      suggestions.addProperty(rule.label(), lr);
      told.printf(Locale.ROOT, "%-7s  %13.2e  %s%n", rule.label(), lr, where(rule));
    }
    Path plot = out.resolve("lr_find.png");
    Folders.make(out);
    found.plot().save(plot);
    told.println("Plot in " + plot);

    JsonObject measured = new JsonObject();
    measured.addProperty("data", images.data());
    measured.addProperty("arch", wanted.arch());
    measured.add("suggestions", suggestions);
    measured.add("lrs", new Gson().toJsonTree(found.lrs()));
    measured.add("losses", new Gson().toJsonTree(found.losses()));
    measured.addProperty("plot", plot.toString());
    json.ifPresent(target -> JsonFile.write(target, measured, terminal));
    return Main.OK;
  }

  private static String where(LRSuggestion rule) {
    return switch (rule) {
      case VALLEY -> "half way down the longest descent; what 'train --lr find' takes";
      case STEEP -> "where the loss falls most steeply";
      case MINIMUM -> "a tenth of where the loss is lowest";
      case SLIDE -> "before the slope changes, seen from the right";
    };
  }

  static double suggestion(LRFind found, LRSuggestion rule) {
    try {
      return found.suggest(rule);
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new CliException(
          Main.FAILED, "the loss ran away too early for a suggestion: " + e.getMessage());
    }
  }
}
