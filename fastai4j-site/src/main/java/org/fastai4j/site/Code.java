package org.fastai4j.site;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Code as HTML, with the parts of Java in spans of their kind. */
final class Code {
  private static final List<String> KINDS = List.of("comment", "string", "keyword", "number");
  private static final Pattern JAVA =
      Pattern.compile(
          "(?<comment>//[^\\n]*|/\\*.*?\\*/)|(?<string>\"(?:[^\"\\\\]|\\\\.)*\")"
              + "|\\b(?<keyword>boolean|class|double|final|for|if|implements|import|int|long|new"
              + "|package|private|public|record|return|static|try|var|void|while|true|false)\\b"
              + "|\\b(?<number>\\d[\\d.e_-]*)\\b",
          Pattern.DOTALL);

  private Code() {}

  /** A block of code in {@code language}, which may be empty. */
  static String html(String language, String code) {
    StringBuilder out = new StringBuilder("<pre><code>");
    Matcher m = JAVA.matcher(language.equals("java") ? code : "");
    int at = 0;
    while (m.find()) {
      out.append(escape(code.substring(at, m.start())));
      String kind = KINDS.stream().filter(k -> m.group(k) != null).findFirst().orElseThrow();
      out.append("<span class=\"").append(kind).append("\">");
      out.append(escape(m.group())).append("</span>");
      at = m.end();
    }
    return out.append(escape(code.substring(at))).append("</code></pre>").toString();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
