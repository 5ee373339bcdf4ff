package org.fastai4j.interpret;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.fastai4j.metrics.ClassCounts;
import org.fastai4j.metrics.ConfusionCounts;

/** Precision, recall, F1 and support of each class and on average, as scikit-learn prints them. */
final class ClassificationReport {
  private static final String WEIGHTED = "weighted avg";
  private static final List<ToDoubleFunction<ClassCounts>> SCORES =
      List.of(ClassCounts::precision, ClassCounts::recall, ClassCounts::f1);

  private final ConfusionCounts counts;
  private final List<String> vocab;
  private final int width;

  ClassificationReport(ConfusionCounts counts, List<String> vocab) {
    this.counts = counts;
    this.vocab = vocab;
    width = vocab.stream().mapToInt(String::length).reduce(WEIGHTED.length(), Math::max);
  }

  String text() {
    List<ClassCounts> classes = counts.perClass();
    StringBuilder text = new StringBuilder();
    text.append(line("", List.of("precision", "recall", "f1-score", "support"))).append('\n');
    for (int c = 0; c < classes.size(); c++) {
      ClassCounts one = classes.get(c);
      text.append(scores(vocab.get(c), one.actual(), score -> number(score.applyAsDouble(one))));
    }
    double right = classes.stream().mapToLong(ClassCounts::right).sum();
    String support = Long.toString(counts.items());
    text.append('\n');
    text.append(line("accuracy", List.of("", "", number(right / counts.items()), support)));
    text.append(scores("macro avg", counts.items(), score -> number(macro(classes, score))));
    text.append(scores(WEIGHTED, counts.items(), score -> number(weighted(classes, score))));
    return text.toString();
  }

  private String scores(String name, long support, Cell cell) {
    return line(
        name,
        List.of(
            cell.of(SCORES.get(0)),
            cell.of(SCORES.get(1)),
            cell.of(SCORES.get(2)),
            Long.toString(support)));
  }

  private interface Cell {
    String of(ToDoubleFunction<ClassCounts> score);
  }

  private static double macro(List<ClassCounts> classes, ToDoubleFunction<ClassCounts> score) {
    return classes.stream().mapToDouble(score).sum() / classes.size();
  }

  private double weighted(List<ClassCounts> classes, ToDoubleFunction<ClassCounts> score) {
    return classes.stream().mapToDouble(c -> c.actual() * score.applyAsDouble(c)).sum()
        / counts.items();
  }

  private String line(String name, List<String> cells) {
    StringBuilder line = new StringBuilder(" ".repeat(width - name.length())).append(name);
    line.append(' ');
    cells.forEach(
        cell -> line.append(' ').append(" ".repeat(Math.max(0, 9 - cell.length()))).append(cell));
    return line.append('\n').toString();
  }

  /** Two decimals of the binary number, ties to even, as Python has them. */
  private static String number(double v) {
    return new BigDecimal(v).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }
}
