package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalImageTest {
  private static final String RESET = "\u001b[0m";
  private final Pixels square = Pixels.of(new double[][] {{0, 1}, {1, 0}, {1, 1}});

  @Test
  void drawsTwoPixelsInACharacter() {
    List<String> lines = TerminalImage.of(square, ColorMap.GREYS).ansi().lines().toList();
    String white = "2;255;255;255m";
    String black = "2;0;0;0m";
    assertThat(lines)
        .containsExactly(
            "\u001b[38;"
                + white
                + "\u001b[48;"
                + black
                + "▀"
                + "\u001b[38;"
                + black
                + "\u001b[48;"
                + white
                + "▀"
                + RESET,
            "\u001b[38;" + black + "▀▀" + RESET);
  }

  @Test
  void fillsTheColumnsAskedFor() {
    TerminalImage image = TerminalImage.of(Figure.subplots(1, 1, 6, 3).image());
    List<String> lines = image.ansi(60).lines().toList();
    assertThat(lines).hasSize(15);
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.chars().filter(c -> c == '▀').count()).isEqualTo(60));
    assertThat(image.ansi().lines().findFirst().orElseThrow().chars().filter(c -> c == '▀'))
        .hasSize(80);
  }

  @Test
  void drawsMoreInkWhereItIsDarkerWithNoColor() {
    Pixels ramp = Pixels.of(new double[][] {{1, 0.5, 0, 1}, {1, 0.5, 0, 1}});
    assertThat(TerminalImage.of(ramp, ColorMap.GRAY).ascii(8)).isEqualTo("  ==@@\n  ==@@\n");
    assertThat(TerminalImage.of(ramp, ColorMap.GREYS).ascii(8)).isEqualTo("@@==  @@\n@@==  @@\n");
  }

  @Test
  void saysHowManyColumnsItNeeds() {
    assertThatThrownBy(() -> TerminalImage.of(square, ColorMap.GREYS).ansi(0))
        .isInstanceOf(PlotException.class)
        .hasMessage("a terminal picture of 0 columns; give at least 1");
  }
}
