package org.fastai4j.book;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.fastai4j.learner.ProgressCallback;

/** What the chapter prints: to the console as it runs, and kept by section for the report. */
final class Transcript {
  private final PrintStream console;
  private final boolean terminal;
  private final Map<String, StringBuilder> sections = new LinkedHashMap<>();
  private StringBuilder current = new StringBuilder();

  Transcript(PrintStream console, boolean terminal) {
    this.console = console;
    this.terminal = terminal;
  }

  /** Begins a section; its name is the place of its output in the report. */
  void section(String name, String title) {
    console.println();
    console.println(terminal ? "\u001b[1m" + title + "\u001b[0m" : title);
    current = sections.computeIfAbsent(name, k -> new StringBuilder());
  }

  void println(Object value) {
    print("%s%n", value instanceof Double d ? String.format(Locale.ROOT, "%.4f", d) : value);
  }

  void println(String format, Object... values) {
    print(format + "%n", values);
  }

  void println() {
    print("%n");
  }

  void print(String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    console.print(text);
    console.flush();
    current.append(text);
  }

  /** Shows text on the console alone: a picture for a terminal. */
  void consoleOnly(String text) {
    console.print(text.endsWith("\n") ? text : text + System.lineSeparator());
  }

  /** The learner's table and bars, on the same console. */
  ProgressCallback progress() {
    return new ProgressCallback(console, terminal);
  }

  boolean isTerminal() {
    return terminal;
  }

  /** What was printed in a section. */
  String of(String section) {
    return sections.getOrDefault(section, new StringBuilder()).toString().stripTrailing();
  }
}
