package org.fastai4j.app;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fastai4j.app.Finding.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code fastai4j doctor}. */
@Command(
    name = "doctor",
    header = "Tell what this machine offers, what is wrong and how to mend it.",
    description = {
      "",
      "Looks at versions, native libraries, device, threads, memory, caches, network and fonts, and"
          + " computes a gradient. Each finding is ok, warn (works, but slower or with less) or"
          + " WRONG; the exit status is 1 if anything is wrong."
    },
    footer = {"", "Examples:", "  ./fastai4j doctor", "  ./fastai4j doctor --json doctor.json"})
final class DoctorCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Wiring wiring;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the findings to FILE; '-' is standard output, and nothing else is then.")
  private Optional<String> json = Optional.empty();

  DoctorCommand(Terminal terminal, Wiring wiring) {
    this.terminal = terminal;
    this.wiring = wiring;
  }

  @Override
  public Integer call() {
    json.ifPresent(JsonFile::check);
    List<Finding> findings = new Doctor(terminal.env(), wiring.dataHost()).examine();
    if (!json.equals(Optional.of("-"))) {
      print(findings);
    }
    json.ifPresent(target -> JsonFile.write(target, toJson(findings), terminal));
    return worst(findings) == Level.WRONG ? Main.FAILED : Main.OK;
  }

  private void print(List<Finding> findings) {
    int width = findings.stream().mapToInt(f -> f.name().length()).max().orElse(1);
    String section = "";
    for (Finding f : findings) {
      if (!f.section().equals(section)) {
        terminal.out().println((section.isEmpty() ? "" : "\n") + terminal.color(1, f.section()));
        section = f.section();
      }
      terminal.out().printf("  %s  %-" + width + "s  %s%n", mark(f.level()), f.name(), f.value());
      if (!f.mend().isEmpty()) {
        terminal.out().printf("         %s %s%n", terminal.color(36, "mend:"), f.mend());
      }
    }
    long wrong = count(findings, Level.WRONG);
    long warn = count(findings, Level.WARN);
    terminal
        .out()
        .println(
            wrong + warn == 0
                ? "\nAll is well."
                : String.format(Locale.ROOT, "%n%d wrong, %d to look at.", wrong, warn));
  }

  private String mark(Level level) {
    return switch (level) {
      case OK -> terminal.color(32, "ok   ");
      case WARN -> terminal.color(33, "warn ");
      case WRONG -> terminal.color(31, "WRONG");
    };
  }

  private static JsonObject toJson(List<Finding> findings) {
    JsonArray list = new JsonArray();
    for (Finding f : findings) {
      JsonObject o = new JsonObject();
      o.addProperty("section", f.section());
      o.addProperty("name", f.name());
      o.addProperty("value", f.value());
      o.addProperty("level", f.level().name().toLowerCase(Locale.ROOT));
      if (!f.mend().isEmpty()) {
        o.addProperty("mend", f.mend());
      }
      list.add(o);
    }
    JsonObject json = new JsonObject();
    json.addProperty("level", worst(findings).name().toLowerCase(Locale.ROOT));
    json.add("findings", list);
    return json;
  }

  private static Level worst(List<Finding> findings) {
    return count(findings, Level.WRONG) > 0
        ? Level.WRONG
        : count(findings, Level.WARN) > 0 ? Level.WARN : Level.OK;
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(f -> f.level() == level).count();
  }
}
