package org.fastai4j.data;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A label cut out of a path: the first group of a regular expression; fastai's {@code
 * RegexLabeller}.
 *
 * <pre>{@code
 * RegexLabeller.path("/(\\d)/").apply(Path.of("train/3/1.png"))       // "3"
 * RegexLabeller.name("(.+)_\\d+.jpg").apply(Path.of("pug/pug_7.jpg")) // "pug"
 * }</pre>
 */
public final class RegexLabeller implements Function<Path, String> {
  private final Pattern pattern;
  private final boolean nameOnly;

  private RegexLabeller(String pattern, boolean nameOnly) {
    this.pattern = Pattern.compile(pattern);
    this.nameOnly = nameOnly;
    if (this.pattern.matcher("").groupCount() < 1) {
      throw new DataException(
          "the pattern '"
              + pattern
              + "' has no group; put what is the label in parentheses, as in (.+)_\\d+.jpg");
    }
  }

  /** Looks for the pattern in the whole path, written with {@code /}. */
  public static RegexLabeller path(String pattern) {
    return new RegexLabeller(pattern, false);
  }

  /** Looks for the pattern in the name of the file. */
  public static RegexLabeller name(String pattern) {
    return new RegexLabeller(pattern, true);
  }

  /**
   * The label of {@code file}.
   *
   * @throws DataException if the pattern is not found
   */
  @Override
  public String apply(Path file) {
    String text = ItemPaths.posix(nameOnly ? file.getFileName() : file);
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find() || matcher.group(1) == null) {
      throw new DataException(
          "the pattern '%s' is not found in '%s' (%s); change it, or leave the file out"
              .formatted(pattern, text, file));
    }
    return matcher.group(1);
  }
}
