package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now;

  private ProgressBar bar(boolean terminal) {
    return new ProgressBar(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, () -> now);
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8).replace('#', '█').replace("\r\n", "\n");
  }

  @Test
  void rendersBarShareStepsTimesAndComment() {
    assertThat(ProgressBar.render(5, 20, Duration.ofSeconds(2), "0.031"))
        .isEqualTo(" |███████-----------------------| 25.00% [5/20 00:02<00:06 0.031]");
    assertThat(ProgressBar.render(0, 20, Duration.ZERO, ""))
        .isEqualTo(" |------------------------------| 0.00% [0/20 00:00<?]");
    assertThat(ProgressBar.render(20, 20, Duration.ofSeconds(3725), ""))
        .isEqualTo(" |██████████████████████████████| 100.00% [20/20 1:02:05<00:00]");
  }

  @Test
  void rendersNoBarWhenTheTotalIsUnknown() {
    assertThat(ProgressBar.render(7, 0, Duration.ofSeconds(61), "")).isEqualTo(" [7 01:01]");
  }

  @Test
  void redrawsOneLineInATerminal() {
    ProgressBar bar = bar(true);
    bar.updateBytes("Downloading a.tgz", 0, 3_214_948);
    now += 1_000_000_000;
    bar.updateBytes("Downloading a.tgz", 1_607_474, 3_214_948);
    now += 1_000_000_000;
    bar.updateBytes("Downloading a.tgz", 3_214_948, 3_214_948);
    assertThat(written())
        .isEqualTo(
            "\rDownloading a.tgz |███████████████---------------| 50.00% [1607/3214 KB 00:01<00:01]"
                + "\rDownloading a.tgz |██████████████████████████████| 100.00% [3214/3214 KB 00:02<00:00]"
                + "\n");
  }

  @Test
  void writesALineEveryFiveSecondsWhereThereIsNoTerminal() {
    ProgressBar bar = bar(false);
    for (int second = 0; second <= 12; second++, now += 1_000_000_000) {
      bar.update("Drawing", second, 12);
    }
    assertThat(written().lines())
        .containsExactly(
            "Drawing |██----------------------------| 8.33% [1/12 00:01<00:11]",
            "Drawing |███████████████---------------| 50.00% [6/12 00:06<00:06]",
            "Drawing |███████████████████████████---| 91.67% [11/12 00:11<00:01]",
            "Drawing |██████████████████████████████| 100.00% [12/12 00:12<00:00]");
  }

  @Test
  void showsNothingForShortWork() {
    ProgressBar bar = bar(true);
    bar.update("Unpacking", 0, 2);
    now += 400_000_000;
    bar.update("Unpacking", 2, 2);
    bar.finish();
    assertThat(written()).isEmpty();
  }

  @Test
  void putsANoticeOnALineOfItsOwn() {
    ProgressBar bar = bar(true);
    bar.update("Drawing", 0, 2);
    now += 1_000_000_000;
    bar.update("Drawing", 1, 2);
    bar.notice("waiting");
    assertThat(written()).endsWith("00:01<00:01]\nwaiting\n");
  }
}
