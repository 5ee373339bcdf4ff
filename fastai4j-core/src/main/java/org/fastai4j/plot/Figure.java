package org.fastai4j.plot;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fastai4j.plot.Axes.Plan;
import org.fastai4j.plot.Canvas.Anchor;

/**
 * A picture of one or more plots in rows and columns, laid out so that no label is cut off.
 *
 * <pre>{@code
 * Figure figure = Figure.subplots(1, 4, 12, 3);
 * figure.axes(0).scatter(time, speed);
 * figure.save(Path.of("step4_1.png"));
 * }</pre>
 *
 * <p>An inch is 100 CSS pixels wide in a page; a PNG has two pixels to each of these.
 */
public final class Figure implements Viewable {
  private static final double DPI = 100;
  private static final double PAD = 6;
  private static final double GAP = 14;
  private static final Font SUPTITLE = new Font(14);

  private record Size(double width, double height) {}

  private final int rows;
  private final int cols;
  private final double width;
  private final double height;
  private final double imageScale;
  private final List<Axes> axes = new ArrayList<>();
  private String suptitle = "";

  private Figure(int rows, int cols, double width, double height, double imageScale) {
    if (rows < 1 || cols < 1) {
      throw new PlotException(
          "subplots: %d rows and %d columns; give at least 1 of each".formatted(rows, cols));
    }
    this.rows = rows;
    this.cols = cols;
    this.width = width;
    this.height = height;
    this.imageScale = imageScale;
    for (int i = 0; i < rows * cols; i++) {
      axes.add(new Axes());
    }
  }

  /** A figure of one plot, 6.4 by 4.8 inches. */
  public static Figure subplots() {
    return subplots(1, 1);
  }

  /** A figure of {@code rows * cols} plots, 6.4 by 4.8 inches. */
  public static Figure subplots(int rows, int cols) {
    return subplots(rows, cols, 6.4, 4.8);
  }

  /** A figure of {@code rows * cols} plots of the given size. */
  public static Figure subplots(int rows, int cols, double widthInches, double heightInches) {
    if (!(widthInches >= 0.5 && heightInches >= 0.5)) {
      throw new PlotException(
          "subplots: %s by %s inches; give at least 0.5 each way"
              .formatted(widthInches, heightInches));
    }
    return new Figure(rows, cols, widthInches * DPI, heightInches * DPI, 0);
  }

  /** A figure as large as its images are when one of their pixels is {@code scale} wide. */
  static Figure ofImages(int rows, int cols, double scale) {
    return new Figure(rows, cols, 0, 0, scale);
  }

  /** The first plot. */
  public Axes axes() {
    return axes.get(0);
  }

  /** The {@code i}-th plot, row by row. */
  public Axes axes(int i) {
    if (i < 0 || i >= axes.size()) {
      throw new PlotException(
          "plot %d of a figure that has %d, counted from 0".formatted(i, axes.size()));
    }
    return axes.get(i);
  }

  public Axes axes(int row, int col) {
    if (row < 0 || row >= rows || col < 0 || col >= cols) {
      throw new PlotException(
          "plot [%d, %d] of a figure that has [%d, %d], counted from 0"
              .formatted(row, col, rows, cols));
    }
    return axes.get(row * cols + col);
  }

  /** Writes a title above all plots. */
  public Figure suptitle(String text) {
    suptitle = text;
    return this;
  }

  /** Changes nothing: a figure's layout is always tight. */
  public Figure tightLayout() {
    return this;
  }

  /** The picture. */
  public BufferedImage image() {
    return raster().image();
  }

  /** The picture as a PNG file's bytes. */
  public byte[] png() {
    return raster().png();
  }

  /** The picture as an SVG file's text. */
  public String svg() {
    Size size = size();
    SvgCanvas canvas = new SvgCanvas(size.width, size.height);
    draw(canvas, size);
    return canvas.svg();
  }

  /** The picture as colored half blocks for a terminal, 80 in a line. */
  @Override
  public String ansi() {
    return TerminalImage.of(image()).ansi();
  }

  /** The picture in plain characters, 80 in a line. */
  @Override
  public String text() {
    return TerminalImage.of(image()).ascii();
  }

  /** The picture as an HTML {@code <img>}, described by its titles. */
  @Override
  public String html() {
    String titles = axes.stream().map(Axes::title).collect(Collectors.joining(", "));
    return html(!suptitle.isEmpty() ? suptitle : titles.matches("[, ]*") ? "Figure" : titles);
  }

  /** The picture as an HTML {@code <img>}, with {@code alt} for those who cannot see it. */
  public String html(String alt) {
    return Html.image(png(), alt, size().width);
  }

  /** Saves a {@code .png} or {@code .svg} file: written beside, then moved into place. */
  public void save(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      Output.save(file, png());
    } else if (name.endsWith(".svg")) {
      Output.save(file, svg().getBytes(StandardCharsets.UTF_8));
    } else {
      throw new PlotException("save " + file + ": give a name that ends in .png or .svg");
    }
  }

  private RasterCanvas raster() {
    Size size = size();
    RasterCanvas canvas = new RasterCanvas(size.width, size.height);
    draw(canvas, size);
    return canvas;
  }

  private Size size() {
    if (imageScale == 0) {
      return new Size(width, height);
    }
    double cellWidth = 0;
    double cellHeight = 0;
    for (Axes a : axes) {
      Plan plan = a.plan(100, 100);
      Bitmap image = a.image().orElseGet(() -> new Bitmap(1, 1, new int[1]));
      double side = imageScale * image.width;
      double words = Math.min(a.titleWidth() + 4, Math.max(1.5 * side, 120));
      cellWidth = Math.max(cellWidth, Math.max(side, words) + plan.left() + plan.right());
      cellHeight = Math.max(cellHeight, imageScale * image.height + plan.top() + plan.bottom());
    }
    return new Size(
        2 * PAD + cols * cellWidth + (cols - 1) * GAP,
        2 * PAD + rows * cellHeight + (rows - 1) * GAP + suptitleHeight());
  }

  private double suptitleHeight() {
    return suptitle.isEmpty() ? 0 : SUPTITLE.size() * 1.3 + PAD;
  }

  private void draw(Canvas canvas, Size size) {
    double top = PAD + suptitleHeight();
    canvas.text(
        suptitle,
        size.width / 2,
        PAD + SUPTITLE.size(),
        SUPTITLE.fit(suptitle, size.width - 2 * PAD),
        Anchor.CENTER,
        Axes.INK,
        false);
    double innerWidth = size.width - 2 * PAD - (cols - 1) * GAP;
    double innerHeight = size.height - top - PAD - (rows - 1) * GAP;
    List<Plan> plans =
        axes.stream().map(a -> a.plan(innerWidth / cols, innerHeight / rows)).toList();
    double[] lefts = new double[cols];
    double[] rights = new double[cols];
    double[] tops = new double[rows];
    double[] bottoms = new double[rows];
    for (int i = 0; i < plans.size(); i++) {
      Plan p = plans.get(i);
      lefts[i % cols] = Math.max(lefts[i % cols], p.left());
      rights[i % cols] = Math.max(rights[i % cols], p.right());
      tops[i / cols] = Math.max(tops[i / cols], p.top());
      bottoms[i / cols] = Math.max(bottoms[i / cols], p.bottom());
    }
    double w = Math.max(8, Math.floor((innerWidth - sum(lefts) - sum(rights)) / cols));
    double h = Math.max(8, Math.floor((innerHeight - sum(tops) - sum(bottoms)) / rows));
    double y = top;
    for (int r = 0; r < rows; r++) {
      double x = PAD;
      y += tops[r];
      for (int c = 0; c < cols; c++) {
        x += lefts[c];
        int i = r * cols + c;
        axes.get(i).draw(canvas, plans.get(i), Math.rint(x), Math.rint(y), w, h);
        x += w + rights[c] + GAP;
      }
      y += h + bottoms[r] + GAP;
    }
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum;
  }
}
