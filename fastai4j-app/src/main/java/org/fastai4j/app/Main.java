package org.fastai4j.app;

import java.util.Locale;
import java.util.Set;
import org.fastai4j.tensor.Torch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code fastai4j}. */
@Command(
    name = "fastai4j",
    description = "fastai for the JVM: trains an image classifier and shows how it works.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nParameters:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "  0:done",
      "  1:something failed; standard error tells what",
      "  2:an option or argument is wrong, or a file that it names is missing",
      "130:interrupted by Ctrl-C"
    })
final class Main implements Runnable {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int INTERRUPTED = 130;

  private static final Set<String> WITH_ENGINE = Set.of("chapter", "train", "predict", "warm-up");

  private final Errors errors;

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main(Errors errors) {
    this.errors = errors;
  }

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      order = 100,
      description = "Print the whole cause of an error (or set FASTAI4J_DEBUG=1).")
  void stacktrace(boolean on) {
    if (on) {
      errors.showFrames();
    }
  }

  /** Runs the command that {@code args} name and ends the process with its exit status. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // numbers as in English, as the words
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    if (args.length > 0 && WITH_ENGINE.contains(args[0])) {
      Torch.preload(); // opening the engine takes longer than all that comes before it is needed
    }
    System.exit(run(Terminal.system(), Wiring.book(), args));
  }

  /** Runs the command that {@code args} name and returns its exit status. */
  static int run(Terminal terminal, Wiring wiring, String... args) {
    Errors errors = new Errors(terminal);
    CommandLine line =
        new CommandLine(new Main(errors))
            .addSubcommand(new ChapterCommand(terminal, wiring))
            .addSubcommand(new TrainCommand(terminal, wiring))
            .addSubcommand(new LrFindCommand(terminal))
            .addSubcommand(new EvaluateCommand(terminal))
            .addSubcommand(new PredictCommand(terminal, wiring))
            .addSubcommand(new ShellCommand(terminal))
            .addSubcommand(new ServeCommand(terminal))
            .addSubcommand(new DescribeCommand(terminal))
            .addSubcommand(new ExportCommand(terminal))
            .addSubcommand(new DoctorCommand(terminal, wiring))
            .addSubcommand(new WarmUpCommand(wiring))
            .setOut(terminal.outWriter())
            .setErr(terminal.errWriter())
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(
                    terminal.colors() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
            .setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(errors).setExecutionExceptionHandler(errors);
    try {
      return line.execute(args);
    } catch (Error e) { // picocli hands on what is no Exception
      return errors.report(e);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
