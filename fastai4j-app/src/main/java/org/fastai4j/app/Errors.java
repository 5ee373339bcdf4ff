package org.fastai4j.app;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Prints what went wrong in one line and chooses the exit status. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Terminal terminal;

  Errors(Terminal terminal) {
    this.terminal = terminal;
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
    if (debug(List.of(args).contains("--stacktrace"))) {
      e.printStackTrace(terminal.err());
    }
    return Main.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e, parsed.expandedArgs().contains("--stacktrace"));
  }

  /** Prints {@code failure} in one line, or with all its frames, and returns the exit status. */
  int report(Throwable failure, boolean stacktrace) {
    Throwable cause = unwrap(failure);
    terminal.err().println("fastai4j: " + describe(cause));
    if (debug(stacktrace)) {
      failure.printStackTrace(terminal.err());
    }
    if (cause instanceof CliException known) {
      return known.status();
    }
    boolean missing =
        cause instanceof NoSuchFileException
            || cause instanceof FileNotFoundException
            || failure instanceof UncheckedIOException u
                && u.getCause() instanceof NoSuchFileException;
    return missing ? Main.USAGE : Main.FAILED;
  }

  private boolean debug(boolean asked) {
    return asked || !terminal.env().getOrDefault("FASTAI4J_DEBUG", "").isEmpty();
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable t = failure;
    while (t.getCause() != null
        && (t instanceof UncheckedIOException u && saysNoMoreThanItsCause(u)
            || t instanceof ExecutionException
            || t instanceof ExceptionInInitializerError)) {
      t = t.getCause();
    }
    return t;
  }

  private static boolean saysNoMoreThanItsCause(UncheckedIOException e) {
    return e.getMessage() == null || e.getMessage().equals(String.valueOf(e.getCause()));
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
