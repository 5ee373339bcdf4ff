package org.fastai4j.app;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where a command writes: results to {@code out}, progress and errors to {@code err}.
 *
 * @param out standard output
 * @param err standard error
 * @param outIsTerminal whether a person reads {@code out} directly
 * @param errIsTerminal whether a person reads {@code err} directly
 * @param inIsTerminal whether a person types what the process reads
 * @param env the environment variables
 */
record Terminal(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean inIsTerminal,
    Map<String, String> env) {

  /**
   * The terminal of this process. Java cannot ask for each stream, so the launcher says in {@code
   * -Dfastai4j.terminal=out,err,in} which is one, or {@code none}; without it only the input is.
   */
  static Terminal system() {
    String told = System.getProperty("fastai4j.terminal", "");
    List<String> terminals = Arrays.asList(told.split(",", -1));
    return new Terminal(
        System.out,
        System.err,
        terminals.contains("out"),
        terminals.contains("err"),
        told.isEmpty() || terminals.contains("in"),
        System.getenv());
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
    return writer(out);
  }

  PrintWriter errWriter() {
    return writer(err);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
  }
}
