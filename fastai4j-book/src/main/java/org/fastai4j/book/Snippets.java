package org.fastai4j.book;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The chapter's code for the report: the tagged parts of its own source. */
final class Snippets {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>//[^\\n]*|/\\*.*?\\*/)|(?<string>\"(?:[^\"\\\\]|\\\\.)*\")"
              + "|\\b(?<keyword>boolean|double|for|if|int|long|new|return|static|void|true|false)\\b"
              + "|\\b(?<number>\\d[\\d.e_-]*)\\b",
          Pattern.DOTALL);

  private final List<String> lines;

  private Snippets(List<String> lines) {
    this.lines = lines;
  }

  /** The parts of a class, from the source that is packed beside it. */
  static Snippets of(Class<?> type) {
    String file = type.getSimpleName() + ".java";
    try (InputStream in = type.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the source " + file + " was not packed with its class");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Snippets(text.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines between {@code // tag::name[]} and {@code // end::name[]}, moved to the left. */
  String code(String name) {
    List<String> part = new ArrayList<>();
    boolean inside = false;
    boolean found = false;
    for (String line : lines) {
      if (line.strip().equals("// end::" + name + "[]")) {
        inside = false;
      }
      if (inside) {
        part.add(line);
      }
      if (line.strip().equals("// tag::" + name + "[]")) {
        inside = true;
        found = true;
      }
    }
    if (!found || inside) {
      throw new IllegalArgumentException("no part of the source is tagged " + name);
    }
    return String.join("\n", part).stripTrailing().stripIndent();
  }

  /** The part as HTML, its comments, strings, keywords and numbers in spans. */
  String html(String name) {
    String code = code(name);
    StringBuilder out = new StringBuilder();
    Matcher m = TOKEN.matcher(code);
    int at = 0;
    while (m.find()) {
      out.append(escape(code.substring(at, m.start())));
      String kind =
          m.group("comment") != null
              ? "c"
              : m.group("string") != null ? "s" : m.group("keyword") != null ? "k" : "n";
      out.append("<span class=\"").append(kind).append("\">");
      out.append(escape(m.group())).append("</span>");
      at = m.end();
    }
    return out.append(escape(code.substring(at))).toString();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
