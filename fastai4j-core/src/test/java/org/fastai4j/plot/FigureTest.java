package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.fastai4j.plot.Pictures.around;
import static org.fastai4j.plot.Pictures.count;
import static org.fastai4j.plot.Pictures.decode;
import static org.fastai4j.plot.Pictures.frames;
import static org.fastai4j.plot.Pictures.rgb;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.fastai4j.plot.Pictures.Box;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {
  private static final int BLUE = 0x1f77b4;
  private static final int ORANGE = 0xff7f0e;
  private static final int RED = 0xff0000;

  @Test
  void hasTwoPixelsToEachHundredthOfAnInch() {
    BufferedImage image = decode(Figure.subplots(1, 4, 12, 3).png());
    assertThat(image.getWidth()).isEqualTo(2400);
    assertThat(image.getHeight()).isEqualTo(600);
    assertThat(Figure.subplots().image().getWidth()).isEqualTo(1280);
  }

  @Test
  void drawsADotWhereItsPointIs() {
    Figure figure = Figure.subplots();
    figure.axes().scatter(new double[] {2.5}, new double[] {7.5}).xlim(0, 10).ylim(0, 10);
    BufferedImage image = decode(figure.png());
    Box frame = frames(image).get(0);
    int x = (int) Math.round(frame.left() + 0.25 * frame.width());
    int y = (int) Math.round(frame.top() + 0.25 * frame.height());
    assertThat(rgb(image, x, y)).isEqualTo(BLUE);
    Box dot = around(image, BLUE);
    assertThat(dot.middleX()).isCloseTo(x, within(2.0));
    assertThat(dot.middleY()).isCloseTo(y, within(2.0));
  }

  @Test
  void putsAPointAtTheLowerLimitOnTheBottomAxis() {
    Figure figure = Figure.subplots();
    figure.axes().scatter(new double[] {3}, new double[] {-300}, "red").ylim(-300, 100);
    BufferedImage image = decode(figure.png());
    Box frame = frames(image).get(0);
    Box half = around(image, RED);
    assertThat(half.bottom()).isEqualTo(frame.bottom() - 2); // the frame's line is 2 pixels thick
    assertThat(half.width()).isBetween(11, 14); // the whole width of a dot
    assertThat(half.height()).isBetween(4, 7); // but its upper half only
  }

  @Test
  void drawsNothingOutsideTheLimits() {
    Figure figure = Figure.subplots();
    figure
        .axes()
        .scatter(new double[] {-5, 50}, new double[] {0, 0})
        .plot(new double[] {0, 10}, new double[] {500, 600}, "red")
        .xlim(0, 10)
        .ylim(-1, 1);
    BufferedImage image = figure.image();
    assertThat(count(image, BLUE)).isZero();
    assertThat(count(image, RED)).isZero();
  }

  @Test
  void joinsPointsByAStraightLine() {
    Figure figure = Figure.subplots();
    figure.axes().plot(new double[] {0, 10}, new double[] {0, 10}).xlim(0, 10).ylim(0, 10);
    BufferedImage image = figure.image();
    Box frame = frames(image).get(0);
    for (double part : new double[] {0.1, 0.5, 0.9}) {
      int x = (int) Math.round(frame.left() + part * frame.width());
      int y = (int) Math.round(frame.bottom() - part * frame.height());
      assertThat(rgb(image, x, y)).as("at %s", part).isEqualTo(BLUE);
    }
  }

  @Test
  void leavesAGapWhereANumberIsMissing() {
    for (double missing : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Figure figure = Figure.subplots();
      figure.axes().plot(new double[] {1, 1, missing, 1, 1}).xlim(0, 4).ylim(0, 2);
      BufferedImage image = figure.image();
      Box frame = frames(image).get(0);
      int y = (int) Math.round(frame.middleY());
      int quarter = frame.width() / 4;
      assertThat(rgb(image, frame.left() + quarter / 2, y)).isEqualTo(BLUE);
      assertThat(rgb(image, frame.left() + quarter * 3 / 2, y)).isNotEqualTo(BLUE);
      assertThat(rgb(image, frame.left() + quarter * 5 / 2, y)).isNotEqualTo(BLUE);
      assertThat(rgb(image, frame.left() + quarter * 7 / 2, y)).isEqualTo(BLUE);
    }
  }

  @Test
  void drawsAnEmptyFrameForNoPoints() {
    double nan = Double.NaN;
    for (double[] values : new double[][] {{}, {nan}, {nan, Double.NEGATIVE_INFINITY}}) {
      Figure figure = Figure.subplots();
      figure.axes().plot(values).scatter(values, values).hist(values, 3).legend();
      assertThat(frames(figure.image())).hasSize(1);
      Figure log = Figure.subplots();
      log.axes().plot(values).logX().logY();
      assertThat(frames(log.image())).hasSize(1);
    }
  }

  @Test
  void survivesEveryKindOfRange() {
    double[][] hard = {
      {5},
      {0},
      {-3, -3},
      {1e300, -1e300},
      {1e-320, 0},
      {1e9, 1e9 + 1e-7},
      {Double.MAX_VALUE},
      {Double.MIN_VALUE},
      {1e-300, 1e300},
      {Double.MAX_VALUE, -Double.MAX_VALUE}
    };
    for (double[] values : hard) {
      for (boolean log : new boolean[] {false, true}) {
        Figure figure = Figure.subplots(1, 1, 3, 2);
        figure.axes().plot(values, values).scatter(values, values);
        if (log) {
          figure.axes().logX().logY();
        }
        assertThat(frames(figure.image())).hasSize(1);
      }
    }
  }

  @Test
  void spacesDecadesEvenlyOnALogAxis() {
    Figure figure = Figure.subplots();
    figure
        .axes()
        .scatter(new double[] {0.01}, new double[] {1}, "red")
        .scatter(new double[] {1}, new double[] {1}, "blue")
        .scatter(new double[] {100}, new double[] {1}, "green")
        .scatter(new double[] {0, -1}, new double[] {1, 1}, "purple")
        .logX();
    BufferedImage image = figure.image();
    double left = around(image, RED).middleX();
    double middle = around(image, 0x0000ff).middleX();
    double right = around(image, 0x008000).middleX();
    assertThat(middle - left).isGreaterThan(100).isCloseTo(right - middle, within(2.0));
    assertThat(count(image, 0x800080)).as("points with no logarithm").isZero();
  }

  @Test
  void countsIntoBinsAsNumpyDoes() {
    Figure figure = Figure.subplots();
    // numpy.histogram([0, 1, 2, 3, 3, 3], 3) counts 1, 1, 4: the last bin has its upper edge.
    figure.axes().hist(new double[] {0, 1, 2, 3, 3, 3}, 3).ylim(0, 8).xlim(0, 3);
    BufferedImage image = figure.image();
    Box frame = frames(image).get(0);
    double[] counts = {1, 1, 4};
    for (int bin = 0; bin < 3; bin++) {
      int x = frame.left() + frame.width() * (2 * bin + 1) / 6;
      Box bar = around(image, BLUE, new Box(x, frame.top(), x, frame.bottom()));
      assertThat(bar.height()).isCloseTo((int) (frame.height() * counts[bin] / 8), within(4));
    }
  }

  @Test
  void laysARowOfPlotsOutTightAndAlike() {
    Figure figure = Figure.subplots(1, 4, 12, 3);
    for (int i = 0; i < 4; i++) {
      figure.axes(i).scatter(new double[] {0, 19}, new double[] {-250, 70}).ylim(-300, 100);
    }
    BufferedImage image = figure.tightLayout().image();
    List<Box> frames = frames(image);
    assertThat(frames).hasSize(4);
    for (Box frame : frames) {
      assertThat(frame.width()).isEqualTo(frames.get(0).width());
      assertThat(frame.top()).isEqualTo(frames.get(0).top());
      assertThat(frame.bottom()).isEqualTo(frames.get(0).bottom());
    }
    int covered = frames.stream().mapToInt(Box::width).sum();
    assertThat(covered).isGreaterThan(2400 * 3 / 4);
  }

  @Test
  void cutsNoWordOff() {
    Figure figure = Figure.subplots(2, 2, 6, 4).suptitle("a long title above it all ".repeat(4));
    for (int i = 0; i < 4; i++) {
      double[] y = {1e-7 * Math.pow(1000, i), 123456.789 * (i + 1)};
      figure
          .axes(i)
          .plot(new double[] {-12345.678, 98765.4321}, y)
          .title(
              "a title much wider than the plot that it belongs to, " + i + "\nand its second line")
          .xlabel("a label much wider than the plot that it belongs to, really it is " + i)
          .ylabel("a label much taller than the plot that it belongs to " + i);
    }
    figure.axes(3).logY();
    assertThat(marginIsWhite(figure.image())).isTrue();
    Figure heat = Figure.subplots(1, 1, 4, 4);
    List<String> names = List.of("a name that goes on and on for ever and ever", "b");
    heat.axes().heatMap(new double[][] {{1, 2}, {3, 4}}, names, names, ColorMap.BLUES);
    heat.axes().xlabel("Predicted").ylabel("Actual").title("Confusion matrix");
    assertThat(marginIsWhite(heat.image())).isTrue();
  }

  private static boolean marginIsWhite(BufferedImage image) {
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        boolean edge = x < 3 || y < 3 || x >= image.getWidth() - 3 || y >= image.getHeight() - 3;
        if (edge && rgb(image, x, y) != Colors.WHITE) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void putsTheLegendIntoTheCornerWithNoPoints() {
    Figure figure = Figure.subplots();
    double[] falling = {10, 8, 6, 4, 2, 0};
    figure.axes().plot(new double[] {0, 1, 2, 3, 4, 5}, falling, "C1", "loss").legend();
    BufferedImage image = figure.image();
    Box frame = frames(image).get(0);
    Box corner =
        new Box((int) frame.middleX() + 100, frame.top(), frame.right(), frame.top() + 100);
    assertThat(around(image, ORANGE, corner).width()).isBetween(38, 42); // the 20-pixel sample
    Figure rising = Figure.subplots();
    rising.axes().plot(new double[] {0, 1}, new double[] {0, 1}, "C1", "accuracy").legend();
    Box left = new Box(frame.left(), frame.top(), (int) frame.middleX() - 100, frame.top() + 100);
    assertThat(around(rising.image(), ORANGE, left).width()).isBetween(38, 42);
  }

  @Test
  void writesTextBesideItsPoint() {
    Figure figure = Figure.subplots();
    figure.axes().xlim(0, 10).ylim(0, 10).text(5, 5, "here", "red").text(99, 5, "there", "blue");
    BufferedImage image = figure.image();
    Box frame = frames(image).get(0);
    Box word = around(image, RED);
    assertThat(word.left()).isBetween((int) frame.middleX(), (int) frame.middleX() + 30);
    assertThat(word.bottom()).isBetween((int) frame.middleY() - 20, (int) frame.middleY());
    assertThat(count(image, 0x0000ff)).as("text outside the limits").isZero();
  }

  @Test
  void shadesAHeatMapAndWritesWhiteAboveHalfOfTheLargest() {
    Figure figure = Figure.subplots(1, 1, 5, 4);
    List<String> digits = List.of("3", "7");
    figure.axes().heatMap(new double[][] {{1000, 0}, {10, 1000}}, digits, digits, ColorMap.BLUES);
    BufferedImage image = figure.image();
    Box frame = frames(image).get(0);
    int x0 = frame.left() + frame.width() / 8;
    int x1 = frame.right() - frame.width() / 8;
    int y0 = frame.top() + frame.height() / 8;
    assertThat(rgb(image, x0, y0)).isEqualTo(0x08306b);
    assertThat(rgb(image, x1, y0)).isEqualTo(0xf7fbff);
    Box upperLeft =
        new Box(
            frame.left() + 4,
            frame.top() + 4,
            (int) frame.middleX() - 4,
            (int) frame.middleY() - 4);
    assertThat(around(image, Colors.WHITE, upperLeft).middleX())
        .isCloseTo(upperLeft.middleX(), within(4.0));
    Box upperRight =
        new Box(
            (int) frame.middleX() + 4,
            frame.top() + 4,
            frame.right() - 4,
            (int) frame.middleY() - 4);
    assertThat(around(image, Colors.BLACK, upperRight).middleX())
        .isCloseTo(upperRight.middleX(), within(4.0));
  }

  @Test
  void drawsAHeatMapWithMissingCells() {
    Figure figure = Figure.subplots(1, 1, 3, 3);
    double nan = Double.NaN;
    figure
        .axes()
        .heatMap(new double[][] {{nan, 1}}, List.of("a"), List.of("b", "c"), ColorMap.VIRIDIS);
    assertThat(count(figure.image(), 0xdddddd)).isGreaterThan(1000);
  }

  @Test
  void savesAWholeFileAndNothingBesideIt(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("new/step3.png");
    Figure figure = Figure.subplots();
    figure.save(file);
    figure.axes().title("again");
    figure.save(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(figure.png());
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void writesSvgThatIsXml(@TempDir Path folder) throws Exception {
    Figure figure = Figure.subplots().suptitle("a < b & \"c\" \u0001");
    figure.axes().plot(new double[] {1, 2}).scatter(new double[] {0}, new double[] {1}).legend();
    Path file = folder.resolve("figure.svg");
    figure.save(file);
    String svg = Files.readString(file);
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getDocumentElement().getAttribute("width")).isEqualTo("640");
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(1);
    assertThat(document.getElementsByTagName("text").item(0).getTextContent())
        .isEqualTo("a < b & \"c\"  ");
  }

  @Test
  void embedsItselfInHtmlWithAnEscapedDescription() {
    Figure figure = Figure.subplots(1, 1, 3, 2);
    figure.axes().title("speed <by> \"time\"");
    String html = figure.html();
    assertThat(html)
        .startsWith("<img src=\"data:image/png;base64,")
        .contains("alt=\"speed &lt;by&gt; &quot;time&quot;\"")
        .contains("width=\"300\"");
    String data = html.substring(html.indexOf(',') + 1, html.indexOf("\" alt"));
    assertThat(Base64.getDecoder().decode(data)).isEqualTo(figure.png());
    assertThat(figure.html("a plot")).contains("alt=\"a plot\"");
  }

  @Test
  void saysHowToMendWhatItCannotDraw() {
    Axes axes = Figure.subplots().axes();
    double[] one = {1};
    assertThatThrownBy(() -> axes.scatter(new double[3], new double[4]))
        .isInstanceOf(PlotException.class)
        .hasMessage("scatter: x has 3 values and y has 4; give one y for each x");
    assertThatThrownBy(() -> axes.plot(one, one, "reddish"))
        .isInstanceOf(PlotException.class)
        .hasMessageContaining("unknown color \"reddish\"; use #rrggbb");
    assertThatThrownBy(() -> axes.ylim(Double.NaN, 1))
        .hasMessageContaining("ylim: from NaN to 1.0");
    assertThatThrownBy(() -> axes.xlim(2, 2))
        .hasMessageContaining("two finite numbers that differ");
    assertThatThrownBy(() -> axes.hist(one, 0)).hasMessage("hist: 0 bins; give at least 1");
    assertThatThrownBy(() -> Figure.subplots(0, 1)).hasMessageContaining("0 rows and 1 columns");
    assertThatThrownBy(() -> Figure.subplots(1, 1, Double.NaN, 1)).hasMessageContaining("NaN by 1");
    assertThatThrownBy(() -> Figure.subplots(1, 1, 9999, 9999).png())
        .isInstanceOf(PlotException.class)
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> Figure.subplots().axes(1)).hasMessageContaining("plot 1 of a figure");
    assertThatThrownBy(() -> Figure.subplots().axes(0, 1)).hasMessageContaining("plot [0, 1]");
    assertThatThrownBy(() -> Figure.subplots().save(Path.of("figure.gif")))
        .hasMessage("save figure.gif: give a name that ends in .png or .svg");
    Figure log = Figure.subplots();
    log.axes().logX().xlim(-1, 10);
    assertThatThrownBy(log::png).hasMessageContaining("give limits above 0");
    List<String> names = List.of("a");
    assertThatThrownBy(() -> axes.heatMap(new double[0][0], names, names, ColorMap.BLUES))
        .hasMessageContaining("no values");
    assertThatThrownBy(
            () -> axes.heatMap(new double[][] {{1, 2}, {3}}, names, names, ColorMap.BLUES))
        .hasMessageContaining("2 values in row 0 and 1 in row 1");
    assertThatThrownBy(() -> axes.heatMap(new double[][] {{1, 2}}, names, names, ColorMap.BLUES))
        .hasMessageContaining("1 row names and 1 column names");
  }

  @Test
  void saysWhereItCouldNotSave(@TempDir Path folder) throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(() -> Figure.subplots().save(blocked.resolve("a.png")))
        .isInstanceOf(PlotException.class)
        .hasMessageContaining("a.png")
        .hasMessageContaining("check that the folder can be written");
    Path directory = Files.createDirectory(folder.resolve("b.png"));
    assertThatThrownBy(() -> Figure.subplots().save(directory))
        .hasMessageContaining("that is a folder");
  }
}
