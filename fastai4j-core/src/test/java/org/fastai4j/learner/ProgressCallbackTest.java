package org.fastai4j.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.optim.SGD;
import org.fastai4j.plot.Display;
import org.junit.jupiter.api.Test;

class ProgressCallbackTest {
  private static final String EOL = System.lineSeparator();
  private static final List<String> HEADER =
      List.of("epoch", "train_loss", "valid_loss", "accuracy", "error_rate", "time");

  private static EpochRow row(double train, double valid, double a, double e, Duration time) {
    return new EpochRow(0, List.of(train), List.of(valid, a, e), true, true, time);
  }

  @Test
  void laysTheTableOutAsFastaiDoes() {
    EpochRow row = row(0.080719, 0.041951, 0.984789, 0.015211, Duration.ofSeconds(9));
    assertThat(EpochRow.line(HEADER, HEADER) + "\n" + EpochRow.line(row.cells(), HEADER))
        .isEqualTo(
            """
            epoch     train_loss  valid_loss  accuracy  error_rate  time
            0         0.080719    0.041951    0.984789  0.015211    00:09\
            """);
  }

  @Test
  void cutsTimesToSecondsAndWritesHoursFromOneOn() {
    assertThat(time(Duration.ofMillis(59_990))).isEqualTo("00:59");
    assertThat(time(Duration.ofSeconds(3599))).isEqualTo("59:59");
    assertThat(time(Duration.ofHours(1))).isEqualTo("1:00:00");
    assertThat(time(Duration.ofHours(100))).isEqualTo("100:00:00");
  }

  private static String time(Duration time) {
    return row(0, 0, 0, 0, time).cells().get(5);
  }

  @Test
  void writesSixDigitsWhateverTheSize() {
    EpochRow row = row(1e-9, 123456.789, Double.NaN, Double.NEGATIVE_INFINITY, Duration.ZERO);
    assertThat(row.cells())
        .containsExactly("0", "0.000000", "123456.789000", "nan", "-inf", "00:00");
    assertThat(EpochRow.line(row.cells(), HEADER))
        .isEqualTo("0         0.000000    123456.789000 nan       -inf        00:00");
  }

  @Test
  void leavesTheCellsOfAPassWithoutABatchEmpty() {
    List<Double> train = List.of(0.5);
    List<Double> valid = List.of(Double.NaN, Double.NaN, Double.NaN);
    EpochRow row = new EpochRow(3, train, valid, true, false, Duration.ZERO);
    assertThat(EpochRow.line(row.cells(), HEADER))
        .isEqualTo("3         0.500000" + " ".repeat(38) + "00:00");
    assertThat(new EpochRow(3, train, valid, false, false, Duration.ZERO).cells())
        .containsExactly("3", "", "", "", "", "00:00");
  }

  private static String print(boolean terminal, LongSupplier clock) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Learner learn =
        Learner.builder(Fits.data(), Fits.zero())
            .loss((p, t) -> p.sub(t).pow(2).mean())
            .optimizer(SGD::new)
            .callback(new ProgressCallback(out, terminal, clock))
            .build();
    learn.fit(2, 0);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsPlainLinesWhereThereIsNoTerminal() {
    long[] now = {0};
    // The weight stays 0: losses 10 and 50, smoothed (0.98 · 0.2 + 1) / (1 - 0.98²) = 30.202020,
    // ...
    assertThat(print(false, () -> now[0] += 1_000_000_000L))
        .isEqualTo(
            String.join(
                EOL,
                "epoch     train_loss  valid_loss  time",
                "0         30.202020   30.000000   00:00",
                "1         30.202020   30.000000   00:00",
                ""));
  }

  @Test
  void drawsABarForEachBatchInATerminalAndWipesItBeforeTheRow() {
    long[] now = {0};
    String text = print(true, () -> now[0] += 1_000_000_000L);
    String half = "█".repeat(15) + "-".repeat(15);
    assertThat(text)
        .startsWith(
            "epoch     train_loss  valid_loss  time"
                + EOL
                + "\rEpoch 1/2 : |"
                + half
                + "| 50.00% [1/2 00:01<00:01 10.0000]")
        .contains("\rEpoch 1/2 : |" + "█".repeat(30) + "| 100.00% [2/2 00:02<00:00 30.2020]")
        .contains("\rEpoch 2/2 : |" + half + "| 50.00% [1/2 00:01<00:01 valid]");
    String[] lines = text.split(EOL, -1);
    assertThat(lines).hasSize(4);
    assertThat(lines[1]).endsWith(" \r0         30.202020   30.000000   00:00");
    String beforeRow = lines[1].substring(0, lines[1].lastIndexOf('\r'));
    String wiping = beforeRow.substring(beforeRow.lastIndexOf('\r') + 1);
    String bar = beforeRow.substring(0, beforeRow.lastIndexOf('\r'));
    bar = bar.substring(bar.lastIndexOf('\r') + 1).stripTrailing();
    assertThat(wiping).isBlank().hasSize(bar.length());
  }

  @Test
  void drawsNoBarAgainSoonerThanTheEyeCanSee() {
    long[] now = {0};
    String text = print(true, () -> now[0] += 1_000_000L);
    assertThat(text).doesNotContain("Epoch");
  }

  @Test
  void namesAllColumns() {
    Learner learn = Fits.line().metric(Metrics.accuracy()).build();
    assertThat(learn.recorder().metricNames())
        .containsExactly("epoch", "train_loss", "valid_loss", "accuracy", "time");
  }

  @Test
  void growsATableInANotebooksCellWithABarBelowIt() {
    List<String> cell = new ArrayList<>();
    Display.toHtml(
        html -> {
          cell.add(html);
          return "here";
        },
        (id, html) -> cell.add(id + html));
    try {
      assertThat(ProgressCallback.standard()).isInstanceOf(CellProgress.class);
      long[] now = {0};
      Learner learn =
          Fits.line().callback(new CellProgress(() -> now[0] += 1_000_000_000L)).build();
      learn.fit(2, 0);
      String table = learn.recorder().table().html();
      assertThat(cell).hasSize(1 + 8 + 1).last().isEqualTo("here" + table);
      assertThat(cell.get(0)).startsWith("<table").contains("valid_loss").doesNotContain("<td");
      assertThat(cell.get(5))
          .startsWith("here<table")
          .contains("30.202020")
          .contains("| 50.00% [1/2 00:01&lt;00:01 23.3315]</pre>"); // 1.37208 / (1 - 0.98³)
      assertThat(table).contains("<td").doesNotContain("<pre>");
    } finally {
      Display.toTerminal(System.out, false);
    }
  }

  @Test
  void tellsInTheCellWhyAFitEndedEarly() {
    List<String> cell = new ArrayList<>();
    Display.toHtml(html -> "", (id, html) -> cell.add(html));
    try {
      Learner learn =
          Fits.line()
              .callback(new CellProgress(System::nanoTime))
              .callback(Callback.on(Event.AFTER_BATCH, l -> l.endFit("a < b")))
              .build();
      learn.fit(1, 0);
      assertThat(cell).last().asString().endsWith("<pre>The fit ended early: a &lt; b.</pre>\n");
    } finally {
      Display.toTerminal(System.out, false);
    }
  }
}
