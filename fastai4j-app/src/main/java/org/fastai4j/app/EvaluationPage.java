package org.fastai4j.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fastai4j.interpret.TopLoss;
import org.fastai4j.metrics.ClassCounts;

/** An {@link Evaluation} as one page, its pictures within it. */
final class EvaluationPage {
  private static final String TEMPLATE = "evaluation.html";

  private final Evaluation evaluation;
  private final int top;

  EvaluationPage(Evaluation evaluation, int top) {
    this.evaluation = evaluation;
    this.top = top;
  }

  void write(Path file) {
    String page = template();
    for (Map.Entry<String, String> gap : gaps().entrySet()) {
      page = page.replace("{{" + gap.getKey() + "}}", gap.getValue());
    }
    Path half = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(half, page);
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> gaps() {
    var interp = evaluation.interp();
    Map<String, String> gaps = new LinkedHashMap<>();
    gaps.put("accuracy", String.format(Locale.ROOT, "%.2f&nbsp;%%", 100 * interp.accuracy()));
    gaps.put("loss", String.format(Locale.ROOT, "%.4f", interp.loss()));
    gaps.put("images", Long.toString(evaluation.images().size()));
    gaps.put("which", evaluation.which());
    gaps.put("classes", classes());
    gaps.put(
        "confusion",
        interp
            .plotConfusionMatrix()
            .html("The confusion matrix: actual classes by predicted ones"));
    gaps.put(
        "normalized",
        interp.plotNormalizedConfusionMatrix().html("The same, as shares of each actual class"));
    gaps.put(
        "wrong",
        interp
            .plotTopLosses(top, evaluation.images()::picture)
            .html("The images with the largest losses"));
    gaps.put("files", files());
    gaps.put("facts", facts());
    // Last, since names are the user's and might look like gaps.
    gaps.put("model", escape(evaluation.model().toString()));
    gaps.put("data", escape(evaluation.data()));
    return gaps;
  }

  private String classes() {
    StringBuilder out = new StringBuilder();
    List<ClassCounts> counts = evaluation.interp().perClass();
    for (int i = 0; i < counts.size(); i++) {
      ClassCounts c = counts.get(i);
      out.append(
          row(
              evaluation.classifier().vocab().get(i),
              share(c.precision()),
              share(c.recall()),
              share(c.f1()),
              Long.toString(c.actual())));
    }
    return out.toString();
  }

  private String files() {
    StringBuilder out = new StringBuilder();
    for (TopLoss loss : evaluation.interp().topLosses(top)) {
      out.append(
          row(
              name(evaluation.images().files().get(loss.index())),
              loss.predicted(),
              loss.actual(),
              String.format(Locale.ROOT, "%.2f", loss.loss()),
              String.format(Locale.ROOT, "%.2f", loss.probability())));
    }
    return out.toString();
  }

  /** A file by its class's folder and its own name. */
  private static String name(Path file) {
    int n = file.getNameCount();
    return file.subpath(Math.max(0, n - 2), n).toString().replace('\\', '/');
  }

  private String facts() {
    StringBuilder out = new StringBuilder();
    DescribeCommand.facts(evaluation.classifier()).forEach((k, v) -> out.append(row(k, v)));
    return out.toString();
  }

  private static String share(double v) {
    return String.format(Locale.ROOT, "%.3f", v);
  }

  private static String row(String name, String... cells) {
    StringBuilder out = new StringBuilder("<tr><th>").append(escape(name)).append("</th>");
    for (String cell : cells) {
      out.append("<td>").append(escape(cell)).append("</td>");
    }
    return out.append("</tr>\n").toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String template() {
    try (InputStream in = EvaluationPage.class.getResourceAsStream(TEMPLATE)) {
      if (in == null) {
        throw new IllegalStateException(TEMPLATE + " is missing in the fastai4j-app jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
