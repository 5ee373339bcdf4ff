package org.fastai4j.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dflib.DataFrame;
import org.fastai4j.plot.Canvas.Anchor;
import org.fastai4j.tensor.Tensor;

/**
 * A data frame as a table to look at, shaded like pandas' {@code df.style} if asked: as HTML, PNG,
 * or text that lines up.
 *
 * <pre>{@code
 * StyledTable.of(df).fontSize(6).backgroundGradient(ColorMap.GREYS).html()
 * }</pre>
 *
 * <p>Numbers are shown with as many decimals as their column needs, at most {@link #precision}.
 */
public final class StyledTable implements Viewable {
  private static final double PIXELS_PER_POINT = 100 / 72.0;
  private static final int LINE = 0xd0d0d0;

  private final DataFrame df;
  private final double fontSize;
  private final int precision;
  private final boolean index;
  private final Optional<ColorMap> gradient;

  private StyledTable(
      DataFrame df, double fontSize, int precision, boolean index, Optional<ColorMap> gradient) {
    this.df = df;
    this.fontSize = fontSize;
    this.precision = precision;
    this.index = index;
    this.gradient = gradient;
  }

  /** A plain table in 9 points, its rows numbered from 0. */
  public static StyledTable of(DataFrame df) {
    return new StyledTable(df, 9, 6, true, Optional.empty());
  }

  /** The elements of a matrix {@code [rows, columns]}, columns numbered from 0. */
  public static StyledTable of(Tensor matrix) {
    if (matrix.dim() != 2) {
      throw new PlotException("a table shows a matrix [rows, columns], not " + matrix.shape());
    }
    int cols = (int) matrix.size(1);
    String[] names = IntStream.range(0, cols).mapToObj(Integer::toString).toArray(String[]::new);
    DataFrame df =
        matrix.dtype().isFloatingPoint()
            ? DataFrame.foldByRow(names).ofDoubles(0, matrix.toDoubleArray())
            : DataFrame.foldByRow(names).ofInts(0, matrix.toIntArray());
    return of(df);
  }

  /** This table with text of {@code points}, 1/72 inch each. */
  public StyledTable fontSize(double points) {
    if (!(points >= 1 && points <= 200)) {
      throw new PlotException("fontSize: " + points + " points; give 1 to 200");
    }
    return new StyledTable(df, points, precision, index, gradient);
  }

  /** This table with at most {@code decimals} behind the point; 6 unless told. */
  public StyledTable precision(int decimals) {
    if (decimals < 0) {
      throw new PlotException("precision: " + decimals + " decimals; give 0 or more");
    }
    return new StyledTable(df, fontSize, decimals, index, gradient);
  }

  /** This table without the column of row numbers. */
  public StyledTable hideIndex() {
    return new StyledTable(df, fontSize, precision, false, gradient);
  }

  /**
   * This table with each number's cell shaded, from its column's smallest value at the map's 0 to
   * its largest at 1, and light text on dark cells. Unlike pandas, a cell that is not a number is
   * left plain, not black.
   */
  public StyledTable backgroundGradient(ColorMap map) {
    return new StyledTable(df, fontSize, precision, index, Optional.of(map));
  }

  /** The table as HTML with its style in place. */
  @Override
  public String html() {
    Grid grid = new Grid();
    String cell = "padding:.25em .5em;text-align:";
    StringBuilder out = new StringBuilder("<table style=\"border-collapse:collapse;font-size:");
    out.append(BigDecimal.valueOf(fontSize).stripTrailingZeros().toPlainString());
    out.append("pt;font-variant-numeric:tabular-nums\">\n");
    for (int r = 0; r < grid.text.length; r++) {
      out.append(r == 0 ? "<thead>\n<tr>" : r == 1 ? "<tbody>\n<tr>" : "<tr>");
      for (int c = 0; c < grid.width; c++) {
        boolean head = r == 0 || (index && c == 0);
        out.append(head ? "<th style=\"" : "<td style=\"").append(cell);
        out.append(grid.right[c] ? "right" : "left");
        if (grid.isShaded(r, c)) {
          int color = grid.color[r][c];
          out.append(";background:").append(Colors.hex(color));
          out.append(";color:").append(Colors.hex(Colors.textOn(color)));
        }
        out.append(head ? (r == 0 ? "\" scope=\"col\">" : "\" scope=\"row\">") : "\">");
        out.append(Html.escape(grid.text[r][c])).append(head ? "</th>" : "</td>");
      }
      out.append(r == 0 ? "</tr>\n</thead>\n" : "</tr>\n");
    }
    return out.append(grid.text.length > 1 ? "</tbody>\n</table>\n" : "</table>\n").toString();
  }

  /** The table as plain text, columns two spaces apart, one line a row. */
  @Override
  public String text() {
    Grid grid = new Grid();
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < grid.text.length; r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < grid.width; c++) {
        line.append(c == 0 ? "" : "  ").append(grid.padded(r, c));
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }

  /** The table as text for a terminal with 24-bit color, one line a row, each reset at its end. */
  @Override
  public String ansi() {
    Grid grid = new Grid();
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < grid.text.length; r++) {
      for (int c = 0; c < grid.width; c++) {
        if (grid.isShaded(r, c)) {
          int color = grid.color[r][c];
          out.append(Ansi.background(color)).append(Ansi.foreground(Colors.textOn(color)));
        } else {
          out.append(Ansi.RESET);
        }
        out.append(' ').append(grid.padded(r, c)).append(' ');
      }
      out.append(Ansi.RESET).append('\n');
    }
    return out.toString();
  }

  /** The table as a PNG file's bytes. */
  public byte[] png() {
    Grid grid = new Grid();
    Font font = new Font(fontSize * PIXELS_PER_POINT);
    Font bold = font.bold();
    double pad = font.size() * 0.5;
    double[] widths = new double[grid.width];
    for (int c = 0; c < grid.width; c++) {
      for (int r = 0; r < grid.text.length; r++) {
        Font f = grid.isHead(r, c) ? bold : font;
        widths[c] = Math.max(widths[c], Math.ceil(f.width(grid.text[r][c]) + 2 * pad));
      }
    }
    double rowHeight = Math.ceil(font.size() * 1.9);
    double margin = 4;
    double width = 2 * margin;
    for (double w : widths) {
      width += w;
    }
    double height = 2 * margin + rowHeight * grid.text.length;
    RasterCanvas canvas = new RasterCanvas(Math.max(width, 10), height);
    for (int r = 0; r < grid.text.length; r++) {
      double x = margin;
      double y = margin + r * rowHeight;
      for (int c = 0; c < grid.width; c++) {
        boolean shaded = grid.isShaded(r, c);
        if (shaded) {
          canvas.fill(x, y, widths[c], rowHeight, grid.color[r][c], 1);
        }
        int ink = shaded ? Colors.textOn(grid.color[r][c]) : Colors.BLACK;
        canvas.text(
            grid.text[r][c],
            grid.right[c] ? x + widths[c] - pad : x + pad,
            y + rowHeight / 2 + font.capHeight() / 2,
            grid.isHead(r, c) ? bold : font,
            grid.right[c] ? Anchor.RIGHT : Anchor.LEFT,
            ink,
            false);
        x += widths[c];
      }
      if (r == 0 || gradient.isEmpty()) {
        canvas.line(margin, y + rowHeight, width - margin, y + rowHeight, r == 0 ? 1 : 0.5, LINE);
      }
    }
    return canvas.png();
  }

  /** Saves a PNG file: written beside, then moved into place. */
  public void save(Path file) {
    Output.save(file, png());
  }

  /** The table's cells as text and color: row 0 is the header, column 0 the index if shown. */
  private final class Grid {
    final int width = df.width() + (index ? 1 : 0);
    final String[][] text = new String[df.height() + 1][width];
    final int[][] color = new int[df.height() + 1][width];
    final boolean[] right = new boolean[width];
    private final int[] widest = new int[width];

    Grid() {
      if (index) {
        right[0] = true;
        text[0][0] = "";
        for (int r = 0; r < df.height(); r++) {
          text[r + 1][0] = Integer.toString(r);
        }
      }
      for (int c = index ? 1 : 0; c < width; c++) {
        column(c, index ? c - 1 : c);
      }
      for (int c = 0; c < width; c++) {
        for (String[] row : text) {
          widest[c] = Math.max(widest[c], row[c].codePointCount(0, row[c].length()));
        }
      }
    }

    private void column(int c, int from) {
      text[0][c] = Html.printable(df.getColumnsIndex().get(from));
      int decimals = 0;
      double lo = Double.POSITIVE_INFINITY;
      double hi = Double.NEGATIVE_INFINITY;
      for (int r = 0; r < df.height(); r++) {
        if (df.get(from, r) instanceof Number n) {
          right[c] = true;
          if (Double.isFinite(n.doubleValue())) {
            decimals = Math.max(decimals, decimals(n));
            lo = Math.min(lo, n.doubleValue());
            hi = Math.max(hi, n.doubleValue());
          }
        }
      }
      for (int r = 0; r < df.height(); r++) {
        Object value = df.get(from, r);
        color[r + 1][c] = -1;
        if (value instanceof Number n && Double.isFinite(n.doubleValue())) {
          text[r + 1][c] = number(n).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
          if (gradient.isPresent()) {
            color[r + 1][c] = gradient.get().rgb(n.doubleValue(), lo, hi);
          }
        } else {
          text[r + 1][c] = value == null ? "" : Html.printable(value.toString());
        }
      }
    }

    private int decimals(Number n) {
      BigDecimal rounded = number(n).setScale(precision, RoundingMode.HALF_EVEN);
      return rounded.signum() == 0 ? 0 : Math.max(0, rounded.stripTrailingZeros().scale());
    }

    /** Exactly the digits that {@code n} prints: a float's 0.1 is 0.1, not 0.10000000149. */
    private static BigDecimal number(Number n) {
      return new BigDecimal(n.toString());
    }

    boolean isHead(int r, int c) {
      return r == 0 || (index && c == 0);
    }

    boolean isShaded(int r, int c) {
      return gradient.isPresent() && !isHead(r, c) && color[r][c] >= 0;
    }

    String padded(int r, int c) {
      String t = text[r][c];
      String spaces = " ".repeat(widest[c] - t.codePointCount(0, t.length()));
      return right[c] ? spaces + t : t + spaces;
    }
  }
}
