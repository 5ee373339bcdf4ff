package org.fastai4j.io;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.fastai4j.tensor.Shape;

/** What an {@code .npy} file says about its array: {@code {'descr': '<f4', ...}}. */
record NpyHeader(String descr, boolean fortranOrder, Shape shape) {

  /** Reads the header, a Python literal, and nothing but that. */
  static final class Parser {
    private final Path file;
    private final String text;
    private int at;

    Parser(Path file, String text) {
      this.file = file;
      this.text = text;
    }

    NpyHeader parse() {
      String descr = "";
      boolean fortranOrder = false;
      long[] shape = {};
      Set<String> seen = new HashSet<>();
      take('{');
      while (!next('}')) {
        String key = string();
        if (!seen.add(key)) {
          throw wrong("has '" + key + "' twice");
        }
        take(':');
        switch (key) {
          case "descr" -> descr = descr();
          case "fortran_order" -> fortranOrder = bool();
          case "shape" -> shape = tuple();
          default -> throw wrong("has the unknown key '" + key + "'");
        }
        if (!next(',')) {
          take('}');
          break;
        }
      }
      skipSpace();
      if (at < text.length()) {
        throw wrong("goes on after the closing brace");
      }
      if (seen.size() < 3) {
        throw wrong("needs descr, fortran_order and shape, has " + seen);
      }
      return new NpyHeader(descr, fortranOrder, Shape.of(shape));
    }

    private String descr() {
      skipSpace();
      if (at < text.length() && text.charAt(at) == '[') {
        throw new FormatException(
            file,
            "holds records with named fields; save each field of them as an array of its own");
      }
      return string();
    }

    private boolean bool() {
      skipSpace();
      for (boolean value : new boolean[] {true, false}) {
        String word = value ? "True" : "False";
        if (text.startsWith(word, at)) {
          at += word.length();
          return value;
        }
      }
      throw wrong("lacks True or False at character " + at);
    }

    private String string() {
      skipSpace();
      char quote = at < text.length() ? text.charAt(at) : 0;
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw wrong("lacks a string at character " + at);
      }
      String s = text.substring(at + 1, end);
      at = end + 1;
      return s;
    }

    private long[] tuple() {
      LongStream.Builder sizes = LongStream.builder();
      take('(');
      while (!next(')')) {
        sizes.add(number());
        if (!next(',')) {
          take(')');
          break;
        }
      }
      return sizes.build().toArray();
    }

    private long number() {
      skipSpace();
      int begin = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == begin || at - begin > 18) {
        throw wrong("lacks a size at character " + begin);
      }
      long n = Long.parseLong(text.substring(begin, at));
      next('L'); // as Python 2 wrote it
      return n;
    }

    private void take(char c) {
      if (!next(c)) {
        throw wrong("lacks '" + c + "' at character " + at);
      }
    }

    private boolean next(char c) {
      skipSpace();
      if (at < text.length() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    private void skipSpace() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private FormatException wrong(String problem) {
      return new FormatException(file, "its header " + problem + ": " + text.strip());
    }
  }
}
