package org.fastai4j.app;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Prints what went wrong in one line and chooses the exit status. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Terminal terminal;
  private boolean frames;

  Errors(Terminal terminal) {
    this.terminal = terminal;
    frames = !terminal.env().getOrDefault("FASTAI4J_DEBUG", "").isEmpty();
  }

  /** Prints the whole cause from now on. */
  void showFrames() {
    frames = true;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String message = e.getMessage() == null ? "wrong usage" : e.getMessage();
    terminal.err().println(name + ": " + message.lines().findFirst().orElse(""));
    List<String> near =
        e instanceof CommandLine.UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    if (!near.isEmpty()) {
      terminal.err().println("Did you mean " + String.join(" or ", near) + "?");
    }
    terminal.err().println("Try './" + name + " --help'.");
    if (frames) {
      e.printStackTrace(terminal.err());
    }
    return Main.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e);
  }

  /**
   * Prints {@code failure} in one line, and its frames if they are asked for, and returns the exit
   * status.
   */
  int report(Throwable failure) {
    Throwable cause = unwrap(failure);
    terminal.err().println("fastai4j: " + describe(cause));
    if (frames) {
      failure.printStackTrace(terminal.err());
    }
    if (cause instanceof CliException known) {
      return known.status();
    }
    return isMissingFile(cause) || isMissingFile(cause.getCause()) ? Main.USAGE : Main.FAILED;
  }

  private static boolean isMissingFile(@Nullable Throwable t) {
    return t instanceof NoSuchFileException || t instanceof FileNotFoundException;
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable t = failure;
    while (t.getCause() != null && saysNoMoreThanItsCause(t)) {
      t = t.getCause();
    }
    return t;
  }

  private static boolean saysNoMoreThanItsCause(Throwable t) {
    return t instanceof ExecutionException
        || t instanceof ExceptionInInitializerError
        || (t instanceof UncheckedIOException
            && (t.getMessage() == null || t.getMessage().equals(String.valueOf(t.getCause()))));
  }

  private static String describe(Throwable t) {
    String message = t.getMessage() == null ? "" : t.getMessage().lines().findFirst().orElse("");
    if (t instanceof NoSuchFileException) {
      return message + ": there is no such file or folder";
    }
    if (t instanceof AccessDeniedException) {
      return message + ": no permission; check who owns it, or choose another folder";
    }
    if (t instanceof FileSystemException || t instanceof UncheckedIOException) {
      return message;
    }
    if (t instanceof OutOfMemoryError) {
      return "the Java heap is full ("
          + message
          + "); give it more, as in FASTAI4J_OPTS=-Xmx2g ./fastai4j ...";
    }
    boolean ours = t.getClass().getName().startsWith("org.fastai4j.");
    return ours && !message.isEmpty()
        ? message
        : t.getClass().getSimpleName()
            + (message.isEmpty() ? "" : ": " + message)
            + " (unexpected; --stacktrace tells more)";
  }
}
