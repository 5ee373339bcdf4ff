package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line with its output caught and what it runs replaced. */
final class Cli {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> env = new HashMap<>();
  private boolean terminal;
  private Wiring wiring =
      new Wiring(
          (request, t) -> new JsonObject(),
          (request, t) -> new JsonObject(),
          model -> image -> List.of(new Wiring.Prediction("3", 0.5)),
          () -> {},
          URI.create("http://127.0.0.1:1/"));

  /** A Java of its own on this class path: options first, then a class and what it is given. */
  static ProcessBuilder java(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  Cli env(String name, String value) {
    env.put(name, value);
    return this;
  }

  Cli onTerminal() {
    terminal = true;
    return this;
  }

  Cli chapter(Wiring.ChapterRunner chapter) {
    wiring =
        new Wiring(chapter, wiring.trainer(), wiring.model(), wiring.warmUp(), wiring.dataHost());
    return this;
  }

  /** Trains for real. */
  Cli training() {
    wiring =
        new Wiring(
            wiring.chapter(), Training::run, wiring.model(), wiring.warmUp(), wiring.dataHost());
    return this;
  }

  Cli predictor(Wiring.Predictor predictor) {
    wiring =
        new Wiring(
            wiring.chapter(), wiring.trainer(), m -> predictor, wiring.warmUp(), wiring.dataHost());
    return this;
  }

  Cli dataHost(URI host) {
    wiring = new Wiring(wiring.chapter(), wiring.trainer(), wiring.model(), wiring.warmUp(), host);
    return this;
  }

  int run(String... args) {
    return Main.run(
        new Terminal(stream(out), stream(err), terminal, terminal, terminal, env), wiring, args);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
