package org.fastai4j.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.fastai4j.plot.Canvas.Anchor;
import org.fastai4j.plot.Scale.Tick;
import org.fastai4j.tensor.Tensor;

/**
 * One plot of a {@link Figure}, with matplotlib's words; every method returns the plot itself.
 *
 * <p>A point whose x or y is not finite (or not positive on a log axis) is not drawn and breaks a
 * line in two.
 *
 * <pre>{@code
 * figure.axes().scatter(time, speed).scatter(time, preds, "red").ylim(-300, 100);
 * }</pre>
 */
public final class Axes {
  static final int INK = 0x262626;
  private static final int FRAME = 0x555555;
  private static final int GRID = 0xe8e8e8;
  private static final int EDGE = 0xcccccc;
  private static final Font TICK = new Font(11);
  private static final Font LABEL = new Font(12);
  private static final Font TITLE = new Font(13);
  private static final double LINE_HEIGHT = 1.3;
  private static final double TICK_LENGTH = 4;
  private static final double GAP = 4;
  private static final double DOT = 3.5;
  private static final double LINE = 1.8;
  private static final double MARGIN = 0.05;

  private record Note(double x, double y, String text, int color) {}

  /**
   * What is decided before the plot's box is known: how much room its words need, and its ticks.
   */
  record Plan(
      double left,
      double right,
      double top,
      double bottom,
      Scale x,
      Scale y,
      List<Tick> xTicks,
      List<Tick> yTicks,
      double heatCell) {}

  /** A plot's box on the canvas, and where its numbers stand in it. */
  private record Frame(Plan plan, double x, double y, double w, double h) {
    double px(double v) {
      return x + w * plan.x.at(v);
    }

    double py(double v) {
      return y + h - h * plan.y.at(v);
    }

    boolean has(double vx, double vy) {
      return plan.x.has(vx) && plan.y.has(vy);
    }
  }

  private final List<Series> series = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();
  private Optional<Bitmap> image = Optional.empty();
  private Optional<HeatMap> heatMap = Optional.empty();
  private Optional<Scale> xLimits = Optional.empty();
  private Optional<Scale> yLimits = Optional.empty();
  private String title = "";
  private int titleColor = INK;
  private String xlabel = "";
  private String ylabel = "";
  private boolean logX;
  private boolean logY;
  private boolean legend;
  private boolean off;

  Axes() {}

  /** Draws a dot for each point, in the next color of the cycle. */
  public Axes scatter(double[] x, double[] y) {
    return add("scatter", Series.Kind.DOTS, x, y, nextColor(Series.Kind.DOTS), "");
  }

  /** A dot for each two elements of {@code x} and {@code y}, of one size. */
  public Axes scatter(Tensor x, Tensor y) {
    return scatter(x.toDoubleArray(), y.toDoubleArray());
  }

  /** As {@link #scatter(Tensor, Tensor)}, in a color. */
  public Axes scatter(Tensor x, Tensor y, String color) {
    return scatter(x.toDoubleArray(), y.toDoubleArray(), color);
  }

  public Axes scatter(double[] x, double[] y, String color) {
    return scatter(x, y, color, "");
  }

  /** Draws a dot for each point; {@code label} is shown by {@link #legend}. */
  public Axes scatter(double[] x, double[] y, String color, String label) {
    return add("scatter", Series.Kind.DOTS, x, y, Colors.parse(color), label);
  }

  /** Joins {@code y} at x = 0, 1, 2, … by a line. */
  public Axes plot(double[] y) {
    double[] x = new double[y.length];
    Arrays.setAll(x, i -> i);
    return plot(x, y);
  }

  /** Joins the points by a line, in the next color of the cycle. */
  public Axes plot(double[] x, double[] y) {
    return add("plot", Series.Kind.LINE, x, y, nextColor(Series.Kind.LINE), "");
  }

  public Axes plot(double[] x, double[] y, String color) {
    return plot(x, y, color, "");
  }

  /** Joins the points by a line; {@code label} is shown by {@link #legend}. */
  public Axes plot(double[] x, double[] y, String color, String label) {
    return add("plot", Series.Kind.LINE, x, y, Colors.parse(color), label);
  }

  private Axes add(String call, Series.Kind kind, double[] x, double[] y, int color, String label) {
    if (x.length != y.length) {
      throw new PlotException(
          "%s: x has %d values and y has %d; give one y for each x"
              .formatted(call, x.length, y.length));
    }
    series.add(new Series(kind, x.clone(), y.clone(), color, label));
    return this;
  }

  /** Draws how many of the values fall into each of {@code bins} equal parts of their range. */
  public Axes hist(double[] values, int bins) {
    if (bins < 1) {
      throw new PlotException("hist: " + bins + " bins; give at least 1");
    }
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    double lo = Arrays.stream(finite).min().orElse(0);
    double hi = Arrays.stream(finite).max().orElse(1);
    if (lo == hi) {
      lo -= 0.5;
      hi += 0.5;
    }
    double[] edges = new double[bins + 1];
    for (int i = 0; i <= bins; i++) {
      edges[i] = lo + (hi - lo) * i / bins;
    }
    double[] counts = new double[bins];
    for (double v : finite) {
      counts[Math.min(bins - 1, (int) ((v - lo) / (hi - lo) * bins))]++;
    }
    series.add(new Series(Series.Kind.BARS, edges, counts, nextColor(Series.Kind.BARS), ""));
    return this;
  }

  private int nextColor(Series.Kind kind) {
    return Colors.cycle((int) series.stream().filter(s -> s.kind == kind).count());
  }

  /** Shows an image, each of its pixels as a square; one channel from smallest to largest value. */
  public Axes imshow(Pixels pixels, ColorMap map) {
    image = Optional.of(pixels.toBitmap(map));
    return this;
  }

  /** Shows an image of one channel with {@code vmin} at the map's 0 and {@code vmax} at its 1. */
  public Axes imshow(Pixels pixels, ColorMap map, double vmin, double vmax) {
    requireRange("imshow", vmin, vmax);
    image = Optional.of(pixels.toBitmap(map, vmin, vmax));
    return this;
  }

  /**
   * Shows {@code cells[row][column]} as shaded squares with their numbers, white above half of the
   * largest, and names for rows and columns; long column names are turned upright.
   */
  public Axes heatMap(
      double[][] cells, List<String> rowNames, List<String> columnNames, ColorMap map) {
    heatMap = Optional.of(new HeatMap(cells, rowNames, columnNames, map));
    return this;
  }

  /** Writes {@code text} beside the point {@code (x, y)}. */
  public Axes text(double x, double y, String text) {
    return text(x, y, text, "black");
  }

  public Axes text(double x, double y, String text, String color) {
    notes.add(new Note(x, y, text, Colors.parse(color)));
    return this;
  }

  /** Writes a title above the plot; it may have several lines. */
  public Axes title(String text) {
    title = text;
    return this;
  }

  public Axes title(String text, String color) {
    titleColor = Colors.parse(color);
    return title(text);
  }

  public Axes xlabel(String text) {
    xlabel = text;
    return this;
  }

  public Axes ylabel(String text) {
    ylabel = text;
    return this;
  }

  /** Lets x run from {@code left} to {@code right}, whatever the points are. */
  public Axes xlim(double left, double right) {
    requireRange("xlim", left, right);
    xLimits = Optional.of(new Scale(left, right, false));
    return this;
  }

  /** Lets y run from {@code bottom} to {@code top}, whatever the points are. */
  public Axes ylim(double bottom, double top) {
    requireRange("ylim", bottom, top);
    yLimits = Optional.of(new Scale(bottom, top, false));
    return this;
  }

  private static void requireRange(String call, double from, double to) {
    if (!Double.isFinite(from) || !Double.isFinite(to) || from == to) {
      throw new PlotException(
          call + ": from " + from + " to " + to + "; give two finite numbers that differ");
    }
  }

  /** Makes the x axis logarithmic. */
  public Axes logX() {
    logX = true;
    return this;
  }

  /** Makes the y axis logarithmic. */
  public Axes logY() {
    logY = true;
    return this;
  }

  /** Shows the labels of what is drawn, in the corner that hides the fewest points. */
  public Axes legend() {
    legend = true;
    return this;
  }

  /** Leaves out the frame, the ticks and their labels. */
  public Axes axisOff() {
    off = true;
    return this;
  }

  String title() {
    return title;
  }

  double titleWidth() {
    return Arrays.stream(titleLines()).mapToDouble(TITLE::width).max().orElse(0);
  }

  Optional<Bitmap> image() {
    return image;
  }

  /** Plans for a cell of about this size. */
  Plan plan(double width, double height) {
    double top = title.isEmpty() ? 0 : titleLines().length * TITLE.size() * LINE_HEIGHT + GAP;
    double left = ylabel.isEmpty() ? 0 : LABEL.size() * LINE_HEIGHT + 2;
    double bottom = xlabel.isEmpty() ? 0 : LABEL.size() * LINE_HEIGHT + 2;
    Scale x = scale(xLimits, logX, true);
    Scale y = scale(yLimits, logY, false);
    if (heatMap.isPresent()) {
      HeatMap heat = heatMap.get();
      left += heat.leftMargin();
      double cell =
          Math.min(
              (width - left) / heat.columns(), (height - top - bottom - TICK.size()) / heat.rows());
      return new Plan(
          left, 2, top + 1, bottom + heat.bottomMargin(cell), x, y, List.of(), List.of(), cell);
    }
    if (image.isPresent() || off) {
      return new Plan(left + 1, 1, top + 1, bottom + 1, x, y, List.of(), List.of(), 0);
    }
    double innerHeight = Math.max(40, height - top - bottom - 2 * TICK.size());
    List<Tick> yTicks = y.ticks((int) Math.max(2, Math.min(8, innerHeight / 36)), false);
    double yWidth = yTicks.stream().mapToDouble(t -> TICK.width(t.label())).max().orElse(0);
    left += yWidth + TICK_LENGTH + GAP;
    List<Tick> xTicks = xTicks(x, Math.max(40, width - left));
    double lastLabel = xTicks.isEmpty() ? 0 : TICK.width(xTicks.get(xTicks.size() - 1).label()) / 2;
    return new Plan(
        left,
        Math.max(3, lastLabel * 0.8),
        Math.max(top, TICK.size() / 2),
        bottom + TICK_LENGTH + GAP + TICK.size(),
        x,
        y,
        xTicks,
        yTicks,
        0);
  }

  /** As many ticks as have room for their labels side by side. */
  private List<Tick> xTicks(Scale scale, double width) {
    double[] given = series.stream().flatMapToDouble(s -> Arrays.stream(s.x)).toArray();
    boolean whole =
        given.length > 0
            && series.stream().noneMatch(s -> s.kind == Series.Kind.BARS)
            && Arrays.stream(given).allMatch(v -> v == Math.rint(v));
    for (int most = (int) Math.max(2, Math.min(10, width / 36)); ; most--) {
      List<Tick> ticks = scale.ticks(most, whole);
      List<Tick> labelled = ticks.stream().filter(t -> !t.minor()).toList();
      double widest = labelled.stream().mapToDouble(t -> TICK.width(t.label())).max().orElse(0);
      if (most <= 2 || (widest + 12) * labelled.size() <= width) {
        return ticks;
      }
    }
  }

  private Scale scale(Optional<Scale> limits, boolean log, boolean isX) {
    if (limits.isPresent()) {
      Scale given = limits.get();
      if (log && Math.min(given.lo, given.hi) <= 0) {
        throw new PlotException(
            "%s: a log axis from %s to %s; give limits above 0"
                .formatted(isX ? "xlim" : "ylim", given.lo, given.hi));
      }
      return new Scale(given.lo, given.hi, log);
    }
    Scale any = new Scale(1, 10, log);
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    boolean onFloor = false;
    for (Series s : series) {
      for (double v : isX ? s.x : s.y) {
        if (any.has(v)) {
          min = Math.min(min, v);
          max = Math.max(max, v);
        }
      }
      if (s.kind == Series.Kind.BARS && !isX && !log) {
        min = Math.min(min, 0);
        onFloor = true;
      }
    }
    return Scale.around(min, max, log, onFloor && min == 0 ? 0 : MARGIN, MARGIN);
  }

  private String[] titleLines() {
    return title.split("\n", -1);
  }

  /**
   * Draws into the box {@code (x, y, w, h)}, and its words into the room that the plan asked for.
   */
  void draw(Canvas canvas, Plan plan, double x, double y, double w, double h) {
    Frame box = new Frame(plan, x, y, w, h);
    if (image.isPresent()) {
      Bitmap picture = image.get();
      box = squares(box, picture.width, picture.height, true);
      canvas.image(picture, box.x, box.y, box.w, box.h);
      outline(canvas, box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1, EDGE);
    } else if (heatMap.isPresent()) {
      HeatMap heat = heatMap.get();
      box = squares(box, heat.columns(), heat.rows(), false);
      heat.draw(canvas, box.x, box.y, box.w, box.h, plan.heatCell);
    } else if (!off) {
      drawTicks(canvas, box);
    }
    drawSeries(canvas, box);
    drawNotes(canvas, box);
    if (image.isEmpty() && !off) {
      outline(canvas, box.x, box.y, box.w, box.h, FRAME);
    }
    drawWords(canvas, box, x - plan.left, x + w + plan.right);
    if (legend) {
      drawLegend(canvas, box);
    }
  }

  /** The largest box of squares in the middle of {@code box}; of whole pixels if asked. */
  private static Frame squares(Frame box, int across, int down, boolean whole) {
    double unit = Math.min(box.w / across, box.h / down);
    if (whole && unit * RasterCanvas.SCALE >= 1) {
      unit = Math.floor(unit * RasterCanvas.SCALE) / RasterCanvas.SCALE;
    }
    double w = unit * across;
    double h = unit * down;
    double x = Math.floor(box.x + (box.w - w) / 2);
    return new Frame(box.plan, x, Math.floor(box.y + (box.h - h) / 2), w, h);
  }

  private static void outline(Canvas canvas, double x, double y, double w, double h, int color) {
    canvas.line(x - 0.5, y, x + w + 0.5, y, 1, color);
    canvas.line(x - 0.5, y + h, x + w + 0.5, y + h, 1, color);
    canvas.line(x, y, x, y + h, 1, color);
    canvas.line(x + w, y, x + w, y + h, 1, color);
  }

  private static void drawTicks(Canvas canvas, Frame box) {
    double bottom = box.y + box.h;
    for (Tick t : box.plan.xTicks) {
      double at = box.px(t.value());
      if (!t.minor()) {
        canvas.line(at, box.y, at, bottom, 1, GRID);
      }
      canvas.line(at, bottom, at, bottom + length(t), 1, FRAME);
      double baseline = bottom + TICK_LENGTH + GAP + TICK.capHeight();
      canvas.text(t.label(), at, baseline, TICK, Anchor.CENTER, INK, false);
    }
    for (Tick t : box.plan.yTicks) {
      double at = box.py(t.value());
      if (!t.minor()) {
        canvas.line(box.x, at, box.x + box.w, at, 1, GRID);
      }
      canvas.line(box.x - length(t), at, box.x, at, 1, FRAME);
      double right = box.x - TICK_LENGTH - GAP + 1;
      canvas.text(t.label(), right, at + TICK.capHeight() / 2, TICK, Anchor.RIGHT, INK, false);
    }
  }

  private static double length(Tick tick) {
    return tick.minor() ? TICK_LENGTH / 2 : TICK_LENGTH;
  }

  private void drawSeries(Canvas canvas, Frame box) {
    canvas.clip(box.x, box.y, box.w, box.h);
    for (Series s : series) {
      switch (s.kind) {
        case DOTS -> {
          for (int i = 0; i < s.x.length; i++) {
            if (box.has(s.x[i], s.y[i])) {
              canvas.dot(box.px(s.x[i]), box.py(s.y[i]), DOT, s.color);
            }
          }
        }
        case LINE -> drawLine(canvas, box, s);
        case BARS -> {
          double floor = box.plan.y.has(0) ? box.py(0) : box.y + box.h;
          for (int i = 0; i < s.y.length; i++) {
            if (box.has(s.x[i], s.y[i])) {
              double from = box.px(s.x[i]) + 0.5;
              double width = Math.max(0.5, box.px(s.x[i + 1]) - from - 0.5);
              double top = box.py(s.y[i]);
              canvas.fill(from, top, width, floor - top, s.color, 1);
            }
          }
        }
      }
    }
    canvas.unclip();
  }

  private static void drawLine(Canvas canvas, Frame box, Series s) {
    double[] points = new double[2 * s.x.length];
    int n = 0;
    for (int i = 0; i <= s.x.length; i++) {
      if (i < s.x.length && box.has(s.x[i], s.y[i])) {
        points[n++] = box.px(s.x[i]);
        points[n++] = box.py(s.y[i]);
      } else if (n > 0) {
        if (n == 2) { // a point between two gaps would be invisible as a line
          canvas.dot(points[0], points[1], 1.5, s.color);
        } else {
          canvas.path(Arrays.copyOf(points, n), LINE, s.color);
        }
        n = 0;
      }
    }
  }

  private void drawNotes(Canvas canvas, Frame box) {
    for (Note note : notes) {
      if (box.plan.x.shows(note.x) && box.plan.y.shows(note.y)) {
        double at = box.px(note.x);
        double baseline = Math.max(box.y + TICK.size(), box.py(note.y) - GAP);
        boolean fits = at + DOT + GAP + TICK.width(note.text) <= box.x + box.w;
        double beside = fits ? at + DOT + GAP : at - DOT - GAP;
        Anchor anchor = fits ? Anchor.LEFT : Anchor.RIGHT;
        canvas.text(note.text, beside, baseline, TICK, anchor, note.color, false);
      }
    }
  }

  private void drawWords(Canvas canvas, Frame box, double left, double right) {
    double middle = box.x + box.w / 2;
    double room = 2 * Math.min(middle - left, right - middle);
    String[] lines = titleLines();
    Font font = TITLE;
    for (String line : lines) {
      font = font.fit(line, room);
    }
    double baseline = box.y - GAP - 2 - (lines.length - 1) * TITLE.size() * LINE_HEIGHT;
    for (String line : lines) {
      canvas.text(line, middle, baseline, font, Anchor.CENTER, titleColor, false);
      baseline += TITLE.size() * LINE_HEIGHT;
    }
    Font xFont = LABEL.fit(xlabel, room);
    double below = box.y + box.h + box.plan.bottom - 4;
    canvas.text(xlabel, middle, below, xFont, Anchor.CENTER, INK, false);
    Font yFont = LABEL.fit(ylabel, box.h + box.plan.top);
    double beside = box.x - box.plan.left + LABEL.size() - 1;
    canvas.text(ylabel, beside, box.y + box.h / 2, yFont, Anchor.CENTER, INK, true);
  }

  private void drawLegend(Canvas canvas, Frame box) {
    List<Series> labelled = series.stream().filter(s -> !s.label.isEmpty()).toList();
    if (labelled.isEmpty()) {
      return;
    }
    double line = TICK.size() * 1.5;
    double width = 40 + labelled.stream().mapToDouble(s -> TICK.width(s.label)).max().orElse(0);
    double height = 8 + labelled.size() * line;
    double[] lefts = {box.x + box.w - width - 7, box.x + 7};
    double[] tops = {box.y + 7, box.y + box.h - height - 7};
    double left = lefts[0];
    double top = tops[0];
    int fewest = Integer.MAX_VALUE;
    for (double t : tops) {
      for (double l : lefts) {
        int hidden = hidden(box, l, t, width, height);
        if (hidden < fewest) {
          fewest = hidden;
          left = l;
          top = t;
        }
      }
    }
    canvas.fill(left, top, width, height, Colors.WHITE, 0.85);
    outline(canvas, left, top, width, height, EDGE);
    double middle = top + 4 + line / 2;
    for (Series s : labelled) {
      switch (s.kind) {
        case DOTS -> canvas.dot(left + 18, middle, DOT, s.color);
        case LINE -> canvas.line(left + 8, middle, left + 28, middle, LINE, s.color);
        case BARS -> canvas.fill(left + 8, middle - 4, 20, 8, s.color, 1);
      }
      double baseline = middle + TICK.capHeight() / 2;
      canvas.text(s.label, left + 34, baseline, TICK, Anchor.LEFT, INK, false);
      middle += line;
    }
  }

  /** How many points, or tenths of the way between two joined points, a legend would cover. */
  private int hidden(Frame box, double left, double top, double width, double height) {
    int count = 0;
    for (Series s : series) {
      int steps = s.kind == Series.Kind.LINE ? 10 : 1;
      for (int i = 0; i < s.y.length; i++) {
        int next = Math.min(i + 1, s.y.length - 1);
        for (int k = 0; k < steps; k++) {
          double at = (double) k / steps;
          double px = box.px(s.x[i]) * (1 - at) + box.px(s.x[next]) * at;
          double py = box.py(s.y[i]) * (1 - at) + box.py(s.y[next]) * at;
          boolean inside = px > left && px < left + width && py > top && py < top + height;
          count += inside ? 1 : 0;
        }
      }
    }
    return count;
  }
}
