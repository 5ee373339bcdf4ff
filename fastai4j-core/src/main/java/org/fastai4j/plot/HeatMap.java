package org.fastai4j.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.fastai4j.plot.Canvas.Anchor;

/** A grid of shaded cells, each with its number, and names along its left and lower side. */
final class HeatMap {
  private static final int BLANK = 0xdddddd;
  private static final Font NAME = new Font(11);
  private static final double LONGEST_NAME = 160;
  private static final double GAP = 5;

  private final double[][] cells;
  private final List<String> rowNames;
  private final List<String> columnNames;
  private final ColorMap map;

  HeatMap(double[][] cells, List<String> rowNames, List<String> columnNames, ColorMap map) {
    Matrix.check("a heat map", cells);
    if (rowNames.size() != cells.length || columnNames.size() != cells[0].length) {
      throw new PlotException(
          "a heat map of [%d, %d] with %d row names and %d column names; give one for each"
              .formatted(cells.length, cells[0].length, rowNames.size(), columnNames.size()));
    }
    this.cells = cells.clone();
    for (int i = 0; i < cells.length; i++) {
      this.cells[i] = cells[i].clone();
    }
    this.rowNames = List.copyOf(rowNames);
    this.columnNames = List.copyOf(columnNames);
    this.map = map;
  }

  int rows() {
    return cells.length;
  }

  int columns() {
    return cells[0].length;
  }

  double leftMargin() {
    return GAP + Math.min(LONGEST_NAME, widest(rowNames));
  }

  double bottomMargin(double cellWidth) {
    return GAP
        + (turned(cellWidth) ? Math.min(LONGEST_NAME, widest(columnNames)) : NAME.size() + 1);
  }

  private boolean turned(double cellWidth) {
    return widest(columnNames) > cellWidth - 4;
  }

  private static double widest(List<String> names) {
    return names.stream().mapToDouble(NAME::width).max().orElse(0);
  }

  /** Draws the cells into the box, the names outside it. */
  void draw(Canvas canvas, double x, double y, double width, double height, double planned) {
    double cw = width / columns();
    double ch = height / rows();
    double lo = Double.POSITIVE_INFINITY;
    double hi = Double.NEGATIVE_INFINITY;
    for (double[] row : cells) {
      for (double v : row) {
        if (Double.isFinite(v)) {
          lo = Math.min(lo, v);
          hi = Math.max(hi, v);
        }
      }
    }
    Font font = new Font(Math.min(12, ch * 0.6));
    for (double[] row : cells) {
      for (double v : row) {
        font = font.fit(number(v), cw * 0.9);
      }
    }
    for (int r = 0; r < rows(); r++) {
      for (int c = 0; c < columns(); c++) {
        double v = cells[r][c];
        boolean finite = Double.isFinite(v);
        // Whole pixels, so that no white line shows between two cells.
        double x0 = Math.rint(2 * (x + c * cw)) / 2;
        double y0 = Math.rint(2 * (y + r * ch)) / 2;
        double x1 = Math.rint(2 * (x + (c + 1) * cw)) / 2;
        double y1 = Math.rint(2 * (y + (r + 1) * ch)) / 2;
        canvas.fill(x0, y0, x1 - x0, y1 - y0, finite ? map.rgb(v, lo, hi) : BLANK, 1);
        int ink = finite && v > hi / 2 ? Colors.WHITE : Colors.BLACK;
        canvas.text(
            number(v),
            (x0 + x1) / 2,
            (y0 + y1) / 2 + font.capHeight() / 2,
            font,
            Anchor.CENTER,
            ink,
            false);
      }
    }
    for (int r = 0; r < rows(); r++) {
      Font small = NAME.fit(rowNames.get(r), LONGEST_NAME);
      double middle = y + (r + 0.5) * ch + small.capHeight() / 2;
      canvas.text(rowNames.get(r), x - GAP, middle, small, Anchor.RIGHT, Axes.INK, false);
    }
    for (int c = 0; c < columns(); c++) {
      String name = columnNames.get(c);
      double middle = x + (c + 0.5) * cw;
      double below = y + height + GAP;
      if (turned(planned)) {
        Font small = NAME.fit(name, LONGEST_NAME);
        double baseline = middle + small.capHeight() / 2;
        canvas.text(name, baseline, below, small, Anchor.RIGHT, Axes.INK, true);
      } else {
        canvas.text(name, middle, below + NAME.capHeight(), NAME, Anchor.CENTER, Axes.INK, false);
      }
    }
  }

  private static String number(double v) {
    if (!Double.isFinite(v)) {
      return "";
    }
    if (v == Math.rint(v) && Math.abs(v) < 1e15) {
      return Long.toString((long) v);
    }
    return BigDecimal.valueOf(v).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }
}
