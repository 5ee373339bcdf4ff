package org.fastai4j.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documentation shows as Java stands in code that is compiled; what it links to exists.
 */
class DocsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().resolveSibling("");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
  private static final Pattern PUBLIC = Pattern.compile("^public ", Pattern.MULTILINE);
  private static final Pattern SPAN = Pattern.compile("`([^`]+)`");

  @Test
  void showsOnlyCodeThatIsCompiled() throws IOException {
    String sources = squeezed(javaFiles(".+"));
    List<String> missing = new ArrayList<>();
    for (Path page : pages()) {
      Matcher block = JAVA_BLOCK.matcher(Files.readString(page));
      while (block.find()) {
        for (String paragraph : block.group(1).split("\n\\s*\n", -1)) {
          if (!sources.contains(squeezed(paragraph))) {
            missing.add(ROOT.relativize(page) + ": " + paragraph);
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void runsWhatTheCheatSheetShows() throws IOException {
    String tests = squeezed(javaFiles(".*/(src/test|fastai4j-book)/.*"));
    List<String> missing = new ArrayList<>();
    int rows = 0;
    for (String line : Files.readAllLines(ROOT.resolve("docs/cheat-sheet.md"))) {
      String[] cells = line.split("(?<!\\\\)\\|", -1);
      if (!line.startsWith("|") || cells.length < 3 || !cells[2].contains("`")) {
        continue;
      }
      rows++;
      Matcher span = SPAN.matcher(cells[2]);
      while (span.find()) {
        if (!isIn(tests, squeezed(span.group(1)))) {
          missing.add(span.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(rows).isGreaterThan(100);
  }

  @Test
  void linksToFilesThatExist() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        String target = link.group(1);
        boolean made = target.startsWith("apidocs/"); // by the site's build
        if (!target.contains(":") && !made && !Files.exists(page.resolveSibling(target))) {
          missing.add(ROOT.relativize(page) + ": " + target);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void namesEveryPublicTypeInThePackageDocs() throws IOException {
    List<String> missing = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("fastai4j-core/src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String type = file.getFileName().toString().replace(".java", "");
        String overview = Files.readString(file.resolveSibling("package-info.java"));
        if (PUBLIC.matcher(Files.readString(file)).find()
            && !Pattern.compile("\\." + type + "\\b").matcher(overview).find()) {
          missing.add(ROOT.relativize(file).toString());
        }
      }
    }
    assertThat(missing).as("public types without a sentence in package-info.java").isEmpty();
  }

  @Test
  void findsASnippetOnlyAsAWhole() {
    String code = squeezed("Tensor y = ax.sub(b)\n  .abs();");
    assertThat(isIn(code, "ax.sub(b).abs()")).isTrue();
    assertThat(isIn(code, "x.sub(b)")).isFalse();
    assertThat(isIn(code, "ax.su")).isFalse();
  }

  /** Whether {@code snippet} occurs in {@code code} without cutting a word in two. */
  private static boolean isIn(String code, String snippet) {
    for (int i = code.indexOf(snippet); i >= 0; i = code.indexOf(snippet, i + 1)) {
      int end = i + snippet.length();
      if (!joins(code, i) && !joins(code, end)) {
        return true;
      }
    }
    return false;
  }

  private static boolean joins(String code, int at) {
    return at > 0
        && at < code.length()
        && Character.isJavaIdentifierPart(code.charAt(at - 1))
        && Character.isJavaIdentifierPart(code.charAt(at));
  }

  /** Without the spaces that only the formatter needs. */
  private static String squeezed(String code) {
    return code.strip().replaceAll("\\s+", " ").replaceAll("(?<!\\w) | (?!\\w)", "");
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> top = Files.list(ROOT)) {
      List<Path> pages =
          Stream.concat(docs, top).filter(p -> p.toString().endsWith(".md")).sorted().toList();
      assertThat(pages).contains(ROOT.resolve("README.md"));
      return pages;
    }
  }

  /**
   * The sources of every module, and the examples, whose path with slashes matches, one after the
   * other.
   */
  private static String javaFiles(String wanted) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> sources =
          Stream.concat(modules.map(m -> m.resolve("src")), Stream.of(ROOT.resolve("examples")))
              .filter(Files::isDirectory)
              .sorted()
              .toList();
      for (Path source : sources) {
        try (Stream<Path> files = Files.walk(source)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            if (file.toString().replace('\\', '/').matches(wanted)) {
              all.append(Files.readString(file)).append('\n');
            }
          }
        }
      }
    }
    return all.toString();
  }
}
