package org.fastai4j.learner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What one epoch came to.
 *
 * @param epoch its number, from 0
 * @param train train_loss, then the metrics of training if they are recorded
 * @param valid valid_loss, then the metrics of validation
 * @param trained whether a batch was trained on; else {@code train} is NaN
 * @param validated whether a batch was validated on; else {@code valid} is NaN
 * @param time how long it took
 */
public record EpochRow(
    int epoch,
    List<Double> train,
    List<Double> valid,
    boolean trained,
    boolean validated,
    Duration time) {
  public EpochRow {
    train = List.copyOf(train);
    valid = List.copyOf(valid);
  }

  /** train_loss, valid_loss, then the metrics: the row without epoch and time. */
  public List<Double> values() {
    return Stream.concat(train.stream(), valid.stream()).toList();
  }

  /**
   * The row's cells as the table shows them: six digits, nothing for a pass without a batch, and
   * the time as {@code 00:09}.
   */
  public List<String> cells() {
    List<String> out = new ArrayList<>();
    out.add(Integer.toString(epoch));
    train.forEach(v -> out.add(trained ? number(v) : ""));
    valid.forEach(v -> out.add(validated ? number(v) : ""));
    long s = time.toSeconds();
    out.add(
        s < 3600
            ? String.format(Locale.ROOT, "%02d:%02d", s / 60, s % 60)
            : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60));
    return out;
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return String.format(Locale.ROOT, "%.6f", value);
  }

  /**
   * Cells in fastai's columns: each as wide as its header (at least 8), two spaces between; one
   * after a cell that is too long, and none at the end of the line.
   */
  static String line(List<String> cells, List<String> header) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      int width = Math.max(8, header.get(i).length()) + 2;
      out.append(cells.get(i));
      out.append(" ".repeat(Math.max(1, width - cells.get(i).length())));
    }
    return out.toString().stripTrailing();
  }
}
