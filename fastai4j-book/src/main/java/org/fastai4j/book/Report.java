package org.fastai4j.book;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fastai4j.learner.EpochRow;
import org.fastai4j.learner.Recorder;

/**
 * The chapter as one page: the story in {@code chapter.html}, its gaps filled with code, output,
 * pictures and figures.
 *
 * <p>Gaps are {@code {{code:tag}}}, {@code {{output:section}}}, {@code {{picture:name|alt}}} and
 * {@code {{name}}} for a value.
 */
final class Report {
  private static final Pattern GAP =
      Pattern.compile("\\{\\{(?:(\\w+):)?([\\w-]+)(?:\\|([^}]*))?}}");
  private static final String TEMPLATE = "/org/fastai4j/book/chapter.html";

  private final Snippets snippets = Snippets.of(MnistBasics.class);
  private final Transcript transcript;
  private final Gallery gallery;
  private final Map<String, String> values;

  Report(Transcript transcript, Gallery gallery, Map<String, String> values) {
    this.transcript = transcript;
    this.gallery = gallery;
    this.values = values;
  }

  void write(Path file) {
    Matcher m = GAP.matcher(template());
    StringBuilder page = new StringBuilder();
    while (m.find()) {
      m.appendReplacement(page, Matcher.quoteReplacement(fill(m.group(1), m.group(2), m.group(3))));
    }
    m.appendTail(page);
    Gallery.write(file, page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private String fill(String kind, String name, String alt) {
    if (kind == null) {
      String value = values.get(name);
      if (value == null) {
        throw new IllegalArgumentException(
            "the report's template wants a value nobody has: " + name);
      }
      return value;
    }
    return switch (kind) {
      case "code" -> "<pre class=\"code\"><code>" + snippets.html(name) + "</code></pre>";
      case "output" -> {
        String text = transcript.of(name);
        yield text.isEmpty() ? "" : "<pre class=\"output\">" + Snippets.escape(text) + "</pre>";
      }
      case "picture" ->
          "<figure><img alt=\""
              + Snippets.escape(alt == null ? name : alt)
              + "\" src=\"data:image/png;base64,"
              + Base64.getEncoder().encodeToString(gallery.png(name))
              + "\"></figure>";
      default -> throw new IllegalArgumentException("the report's template has a gap " + kind);
    };
  }

  /** The learner's table of epochs; of a long one, the first and the last rows. */
  static String table(Recorder recorder) {
    StringBuilder out = new StringBuilder("<table class=\"epochs\"><thead><tr>");
    List<String> names = recorder.metricNames();
    names.forEach(n -> out.append("<th>").append(n).append("</th>"));
    out.append("</tr></thead><tbody>");
    List<EpochRow> rows = recorder.rows();
    List<EpochRow> shown = new ArrayList<>(rows);
    boolean cut = rows.size() > 12;
    if (cut) {
      shown = new ArrayList<>(rows.subList(0, 4));
      shown.addAll(rows.subList(rows.size() - 4, rows.size()));
    }
    for (int i = 0; i < shown.size(); i++) {
      if (cut && i == 4) {
        out.append("<tr><td colspan=\"").append(names.size()).append("\">&#8942;</td></tr>");
      }
      out.append("<tr>");
      shown.get(i).cells().forEach(c -> out.append("<td>").append(c).append("</td>"));
      out.append("</tr>");
    }
    return out.append("</tbody></table>").toString();
  }

  private static String template() {
    try (InputStream in = Report.class.getResourceAsStream(TEMPLATE)) {
      if (in == null) {
        throw new IllegalStateException("the report's template " + TEMPLATE + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
