package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.fastai4j.plot.Scale.Tick;
import org.junit.jupiter.api.Test;

class ScaleTest {
  private static List<String> labels(double lo, double hi, boolean log, int most) {
    return new Scale(lo, hi, log)
        .ticks(most, false).stream().filter(t -> !t.minor()).map(Tick::label).toList();
  }

  @Test
  void stepsByOneTwoOrFive() {
    assertThat(labels(-300, 100, false, 8))
        .containsExactly("−300", "−250", "−200", "−150", "−100", "−50", "0", "50", "100");
    assertThat(labels(0, 1, false, 5)).containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertThat(labels(0.9, 2.3, false, 4)).containsExactly("1.0", "1.5", "2.0");
    assertThat(labels(0.971, 0.982, false, 6))
        .containsExactly("0.972", "0.974", "0.976", "0.978", "0.980", "0.982");
  }

  @Test
  void writesVeryLargeAndVerySmallNumbersShort() {
    assertThat(labels(0, 3e6, false, 3)).containsExactly("0", "1e6", "2e6", "3e6");
    assertThat(labels(1e-7, 2e-7, false, 2)).containsExactly("1.0e−7", "1.5e−7", "2.0e−7");
  }

  @Test
  void keepsToWholeNumbersWhenAsked() {
    assertThat(new Scale(-0.1, 2.1, false).ticks(10, true))
        .extracting(Tick::label)
        .containsExactly("0", "1", "2");
  }

  @Test
  void marksDecadesOnALogAxis() {
    assertThat(labels(5e-8, 20, true, 10))
        .containsExactly("1e−7", "1e−6", "1e−5", "1e−4", "1e−3", "1e−2", "1e−1", "1e0", "1e1");
    assertThat(labels(70, 7e5, true, 2)).containsExactly("1e2", "1e4");
    assertThat(labels(0.5, 200, true, 10)).containsExactly("1", "10", "100");
    assertThat(labels(1.5, 30, true, 10)).containsExactly("2", "5", "10", "20");
    assertThat(labels(2.1, 2.9, true, 4)).containsExactly("2.2", "2.4", "2.6", "2.8");
  }

  @Test
  void widensDataByItsMargin() {
    Scale scale = Scale.around(0, 20, false, 0.05, 0.05);
    assertThat(scale.lo).isCloseTo(-1, within(1e-12));
    assertThat(scale.hi).isCloseTo(21, within(1e-12));
    assertThat(scale.at(10)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void runsBackwardWhenItsLimitsDo() {
    Scale scale = new Scale(10, 0, false);
    assertThat(scale.at(10)).isZero();
    assertThat(scale.at(2.5)).isEqualTo(0.75);
    assertThat(labels(10, 0, false, 2)).containsExactly("0", "5", "10");
  }
}
