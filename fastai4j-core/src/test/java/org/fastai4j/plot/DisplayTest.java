package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.fastai4j.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DisplayTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private final StyledTable table = StyledTable.of(Tensor.of(new double[][] {{1, 2}, {3, 4}}));

  @AfterEach
  void toTheTerminalAgain() {
    Display.toTerminal(System.out, false);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsATableAsTextOrInColor() {
    Display.toTerminal(out, false);
    Display.show(table);
    assertThat(printed()).isEqualTo(table.text());
    printed.reset();
    Display.toTerminal(out, true);
    Display.show(table.backgroundGradient(ColorMap.GREYS));
    assertThat(printed()).contains("\u001b[48;2;");
  }

  @Test
  void printsAPictureInPlainCharactersWithoutColor() {
    Display.toTerminal(out, false);
    Display.show(ImageGrid.showImage(Pixels.of(new double[][] {{0, 1}, {1, 0}})));
    assertThat(printed()).contains("@").doesNotContain("\u001b");
    assertThat(printed().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(81));
  }

  @Test
  void handsANotebooksCellHtml() {
    List<String> cells = new ArrayList<>();
    Display.toHtml(
        html -> {
          cells.add(html);
          return "";
        },
        (id, html) -> {});
    Display.show(table);
    Display.show(ImageGrid.showImage(Pixels.of(new double[][] {{0, 1}, {1, 0}})));
    assertThat(cells).hasSize(2);
    assertThat(cells.get(0)).startsWith("<table");
    assertThat(cells.get(1)).startsWith("<img").contains("data:image/png;base64,");
  }

  @Test
  void replacesWhatChangesInItsPlace() {
    Map<String, String> places = new TreeMap<>();
    Display.toHtml(
        html -> {
          String id = "place " + places.size();
          places.put(id, html);
          return id;
        },
        places::put);
    Display.show(table);
    Consumer<String> next = Display.live("<b>1</b>").orElseThrow();
    next.accept("<b>2</b>");
    assertThat(places)
        .containsExactly(entry("place 0", table.html()), entry("place 1", "<b>2</b>"));
  }

  @Test
  void replacesNothingInATerminal() {
    Display.toTerminal(out, true);
    assertThat(Display.inNotebook()).isFalse();
    assertThat(Display.live("<b>1</b>")).isEmpty();
    assertThat(printed()).isEmpty();
  }
}
