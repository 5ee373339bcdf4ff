package org.fastai4j.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.fastai4j.plot.Display;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code fastai4j shell}. */
@Command(
    name = "shell",
    header = "Try the library line by line, in JShell.",
    description = {
      "",
      "Starts Java's own shell with the library's names imported. 'show(...)' puts figures, images"
          + " and tables in the terminal; 'help()' lists what to try. Files are run first, in their"
          + " order; lines may also come from standard input."
    },
    footer = {
      "",
      "Examples:",
      "  ./fastai4j shell",
      "  ./fastai4j shell experiment.jsh",
      "  echo 'Tensor.arange(3).toFloat().mean()' | ./fastai4j shell"
    })
final class ShellCommand implements Callable<Integer> {
  private static final Logger PREFERENCES = Logger.getLogger("java.util.prefs");

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "Lines of Java to run first.")
  private List<Path> files = new ArrayList<>();

  ShellCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new ParameterException(spec.commandLine(), file + ": there is no such file");
      }
    }
    Display.toTerminal(terminal.out(), terminal.colors());
    if (terminal.outIsTerminal() && terminal.inIsTerminal()) {
      terminal.out().println("fastai4j in JShell; help() lists what to try, /exit leaves.");
    }
    PREFERENCES.setLevel(Level.WARNING); // JShell's history, whose folder is not worth a line
    Path startup = copy("shell.jsh");
    Path piped = copy("piped.jsh");
    try {
      List<String> args =
          new ArrayList<>(
              List.of(
                  "--execution", // in this process, where the engine is and pictures are shown
                  "local",
                  "--class-path",
                  System.getProperty("java.class.path"),
                  "--startup",
                  startup.toString(),
                  "--feedback",
                  feedback()));
      if (!terminal.inIsTerminal()) {
        args.add(piped.toString());
      }
      files.forEach(file -> args.add(file.toString()));
      return JavaShellToolBuilder.builder()
          .out(terminal.out())
          .err(terminal.err())
          .start(args.toArray(String[]::new));
    } finally {
      Files.deleteIfExists(startup);
      Files.deleteIfExists(piped);
    }
  }

  /** What JShell answers: to lines that nobody types, values alone, without prompts. */
  private String feedback() {
    return !terminal.inIsTerminal() ? "piped" : terminal.outIsTerminal() ? "normal" : "concise";
  }

  /** A resource as a file. */
  private static Path copy(String name) {
    try (InputStream in =
        Objects.requireNonNull(ShellCommand.class.getResourceAsStream(name), name)) {
      Path file = Files.createTempFile("fastai4j", ".jsh");
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
