package org.fastai4j.app;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Map;

/**
 * Where a command writes: results to {@code out}, progress and errors to {@code err}.
 *
 * @param out standard output
 * @param err standard error
 * @param outIsTerminal whether a person reads {@code out} directly
 * @param errIsTerminal whether a person reads {@code err} directly
 * @param env the environment variables
 */
record Terminal(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> env) {

  /**
   * The terminal of this process. Java cannot ask for each stream, so the launcher says in {@code
   * -Dfastai4j.terminal=out,err} which is one; without it both are if a console is there.
   */
  static Terminal system() {
    String told = System.getProperty("fastai4j.terminal");
    if (told == null) {
      boolean console = System.console() != null && Runtime.version().feature() < 22;
      return new Terminal(System.out, System.err, console, console, System.getenv());
    }
    var streams = Arrays.asList(told.split(",", -1));
    return new Terminal(
        System.out, System.err, streams.contains("out"), streams.contains("err"), System.getenv());
  }

  /** Whether {@code out} may be colored: a terminal that is not dumb, and no {@code NO_COLOR}. */
  boolean colors() {
    return outIsTerminal
        && env.getOrDefault("NO_COLOR", "").isEmpty()
        && !env.getOrDefault("TERM", "").equals("dumb");
  }

  /** {@code text} in the color of this SGR number, such as 31 for red, where colors are on. */
  String color(int sgr, String text) {
    return colors() ? "\u001b[" + sgr + "m" + text + "\u001b[0m" : text;
  }

  PrintWriter outWriter() {
    return new PrintWriter(out, true);
  }

  PrintWriter errWriter() {
    return new PrintWriter(err, true);
  }
}
