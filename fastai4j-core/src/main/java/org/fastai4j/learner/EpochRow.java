package org.fastai4j.learner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one epoch came to.
 *
 * @param epoch its number, from 0
 * @param values train_loss, valid_loss, then the metrics; NaN for a pass without a batch
 * @param trained whether a batch was trained on
 * @param validated whether a batch was validated on
 * @param time how long it took
 */
public record EpochRow(
    int epoch, List<Double> values, boolean trained, boolean validated, Duration time) {
  public EpochRow {
    values = List.copyOf(values);
  }

  /**
   * The row's cells as the table shows them: six digits, nothing for a pass without a batch, and
   * the time as {@code 00:09}.
   */
  public List<String> cells() {
    List<String> out = new ArrayList<>();
    out.add(Integer.toString(epoch));
    for (int i = 0; i < values.size(); i++) {
      out.add((i == 0 ? trained : validated) ? number(values.get(i)) : "");
    }
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
