package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.dflib.DataFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StyledTableTest {
  private static final Pattern CODES = Pattern.compile("\u001b\\[[0-9;]*m");

  private final DataFrame df =
      DataFrame.foldByRow("a", "b", "c").of(0, 5, 0.5, 128, 5, Double.NaN, 255, 5, 2.5, 64, 5, 1.0);

  // pandas 1.5.3, df.style.background_gradient("Greys"):
  // a: 0 #ffffff on #000000, 128 #959595 on #f1f1f1, 255 #000000 on #f1f1f1, 64 #d9d9d9 on #000000
  // b: all #ffffff; c: 0.5 #ffffff, 2.5 #000000, 1.0 #d9d9d9
  @Test
  void shadesEachColumnFromItsSmallestToItsLargestAsPandasDoes() {
    List<String> cells =
        StyledTable.of(df)
            .backgroundGradient(ColorMap.GREYS)
            .html()
            .lines()
            .flatMap(line -> Pattern.compile("<td[^>]*>[^<]*").matcher(line).results())
            .map(m -> m.group().replaceAll(".*right", "").replaceAll("\"?>", "="))
            .toList();
    assertThat(cells)
        .containsExactly(
            ";background:#ffffff;color:#000000=0",
            ";background:#ffffff;color:#000000=5",
            ";background:#ffffff;color:#000000=0.5",
            ";background:#959595;color:#f1f1f1=128",
            ";background:#ffffff;color:#000000=5",
            "=NaN",
            ";background:#000000;color:#f1f1f1=255",
            ";background:#ffffff;color:#000000=5",
            ";background:#000000;color:#f1f1f1=2.5",
            ";background:#d9d9d9;color:#000000=64",
            ";background:#ffffff;color:#000000=5",
            ";background:#d9d9d9;color:#000000=1.0");
  }

  @Test
  void writesTheFontSizeAndEscapesWhatItIsGiven() {
    DataFrame bold = DataFrame.foldByRow("<b>").of("a & b");
    assertThat(StyledTable.of(bold).fontSize(6).html())
        .contains("font-size:6pt", "&lt;b&gt;</th>", "a &amp; b</td>")
        .contains("scope=\"row\">0</th>")
        .doesNotContain("<b>");
    assertThat(StyledTable.of(bold).hideIndex().html()).doesNotContain("scope=\"row\"");
  }

  @Test
  void linesUpPlainText() {
    DataFrame epochs =
        DataFrame.foldByRow("epoch", "train_loss", "batch_accuracy", "time")
            .of(0, 0.30481949, 0.505, "00:00", 10, 0.1, 0.98, "00:01");
    assertThat(StyledTable.of(epochs).hideIndex().text())
        .isEqualTo(
            """
            epoch  train_loss  batch_accuracy  time
                0    0.304819           0.505  00:00
               10    0.100000           0.980  00:01
            """);
    assertThat(StyledTable.of(epochs).precision(2).text())
        .isEqualTo(
            """
               epoch  train_loss  batch_accuracy  time
            0      0         0.3            0.50  00:00
            1     10         0.1            0.98  00:01
            """);
  }

  @Test
  void linesUpInATerminalAndResetsAtTheEndOfEachLine() {
    String ansi = StyledTable.of(df).backgroundGradient(ColorMap.GREYS).ansi();
    assertThat(ansi.lines()).hasSize(5).allSatisfy(line -> assertThat(line).endsWith("\u001b[0m"));
    assertThat(ansi).contains("\u001b[48;2;149;149;149m\u001b[38;2;241;241;241m 128 ");
    List<String> plain = CODES.matcher(ansi).replaceAll("").lines().toList();
    assertThat(plain)
        .containsExactly(
            "      a  b    c ",
            " 0    0  5  0.5 ",
            " 1  128  5  NaN ",
            " 2  255  5  2.5 ",
            " 3   64  5  1.0 ");
  }

  @Test
  void letsNoTextSteerTheTerminal() {
    DataFrame sly = DataFrame.foldByRow("a\u001b[2J").of("b\nc\u001b]0;x\u0007");
    assertThat(StyledTable.of(sly).text()).isEqualTo("   a [2J\n0  b c ]0;x\n");
    assertThat(CODES.matcher(StyledTable.of(sly).ansi()).replaceAll("")).doesNotContain("\u001b");
  }

  @Test
  void drawsTheShadesAndTheNumbers() {
    BufferedImage image =
        Pictures.decode(StyledTable.of(df).fontSize(6).backgroundGradient(ColorMap.GREYS).png());
    assertThat(Pictures.count(image, 0x959595)).isGreaterThan(500); // the cell of 128
    assertThat(Pictures.count(image, 0xd9d9d9)).isGreaterThan(1000); // of 64 and of 1.0
    int larger = Pictures.decode(StyledTable.of(df).fontSize(12).png()).getWidth();
    assertThat(larger).isGreaterThan(image.getWidth() * 3 / 2);
  }

  @Test
  void savesAPng(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("step1.png");
    StyledTable.of(df).save(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(StyledTable.of(df).png());
  }

  @Test
  void showsATableWithNoRows() {
    StyledTable empty = StyledTable.of(DataFrame.foldByRow("a", "b").of());
    assertThat(empty.text()).isEqualTo("  a  b\n");
    assertThat(empty.html()).contains("<thead>").doesNotContain("<tbody>");
    assertThat(empty.backgroundGradient(ColorMap.BLUES).png()).isNotEmpty();
  }

  @Test
  void showsMissingAndUnusualValues() {
    DataFrame odd =
        DataFrame.foldByRow("n", "f").of(null, 0.1f, 1e20, -0.0f, Double.POSITIVE_INFINITY, 1e-9f);
    assertThat(StyledTable.of(odd).backgroundGradient(ColorMap.BLUES).text().lines().toList())
        .containsExactly(
            "                       n    f",
            "0                         0.1",
            "1  100000000000000000000  0.0",
            "2               Infinity  0.0");
  }

  @Test
  void saysHowToMendABadSize() {
    assertThatThrownBy(() -> StyledTable.of(df).fontSize(0))
        .isInstanceOf(PlotException.class)
        .hasMessage("fontSize: 0.0 points; give 1 to 200");
    assertThatThrownBy(() -> StyledTable.of(df).precision(-1))
        .hasMessage("precision: -1 decimals; give 0 or more");
  }
}
