package org.fastai4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LRSuggestionTest {
  private static double[] decades(int n) {
    return IntStream.range(0, n).mapToDouble(i -> Math.pow(10, i - 8)).toArray();
  }

  @Test
  void agreesWithFastaiOnAWavyCurve() {
    double[] lrs =
        IntStream.range(0, 100).mapToDouble(i -> 1e-7 * Math.pow(1e8, i / 100.)).toArray();
    double[] losses =
        IntStream.range(0, 100)
            .mapToDouble(i -> 1 / (1 + 50 * lrs[i]) + .05 * lrs[i] * lrs[i] + .01 * Math.sin(i))
            .toArray();
    double[] y = LRSuggestion.usable(losses, 100);
    double[] x = Arrays.copyOfRange(lrs, 10, 10 + y.length);
    assertThat(y).hasSize(85);
    assertThat(LRSuggestion.VALLEY.suggest(x, y).lr()).isCloseTo(.00912011, within(1e-8));
    assertThat(LRSuggestion.SLIDE.suggest(x, y).lr()).isCloseTo(.000229087, within(1e-9));
    assertThat(LRSuggestion.STEEP.suggest(x, y).lr()).isCloseTo(.0158489, within(1e-7));
    LRSuggestion.Pick minimum = LRSuggestion.MINIMUM.suggest(x, y);
    assertThat(minimum.lr()).isCloseTo(.0758578, within(1e-7));
    assertThat(minimum.pointLr()).isCloseTo(.758578, within(1e-6));
  }

  @Test
  void agreesWithFastaiOnTenLosses() {
    double[] x = decades(10);
    double[] y = {1, .9, .95, .8, .85, .7, .6, .75, .9, 1.2};
    assertThat(LRSuggestion.VALLEY.suggest(x, y).lr()).isCloseTo(1e-6, within(1e-15));
    assertThat(LRSuggestion.STEEP.suggest(x, y).lr()).isCloseTo(1e-4, within(1e-13));
    assertThat(LRSuggestion.MINIMUM.suggest(x, y).lr()).isCloseTo(1e-3, within(1e-12));
    double[] falling = IntStream.range(0, 10).mapToDouble(i -> 1 - i / 10.).toArray();
    assertThat(LRSuggestion.VALLEY.suggest(x, falling).lr()).isEqualTo(x[3]);
    assertThatThrownBy(() -> LRSuggestion.SLIDE.suggest(x, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SLIDE: 10 losses; use 16 or more");
  }

  @Test
  void takesTheFirstRateWhereNothingFalls() {
    double[] x = decades(5);
    assertThat(LRSuggestion.VALLEY.suggest(x, new double[] {1, 2, 3, 4, 5}).lr()).isEqualTo(x[0]);
    assertThat(LRSuggestion.VALLEY.suggest(x, new double[] {1, 1, 1, 1, 1}).lr()).isEqualTo(x[0]);
    assertThat(LRSuggestion.VALLEY.suggest(x, new double[] {2, 1, 2, 3, 4}).lr()).isEqualTo(x[0]);
  }

  @Test
  void findsTheValleyThatTryingEveryPairFinds() {
    Random random = new Random(3);
    for (int run = 0; run < 300; run++) {
      int n = 2 + random.nextInt(60);
      double[] y = random.doubles(n).map(v -> Math.rint(v * 12)).toArray();
      int[] length = new int[n];
      int longest = 0;
      int end = 0;
      for (int i = 0; i < n; i++) {
        length[i] = 1;
        for (int j = 0; j < i; j++) {
          if (y[j] > y[i]) {
            length[i] = Math.max(length[i], length[j] + 1);
          }
        }
        if (length[i] > longest) {
          longest = length[i];
          end = i;
        }
      }
      int expected = Math.max(0, end - longest + longest / 3 + longest / 6);
      double[] x = IntStream.range(0, n).mapToDouble(i -> i + 1).toArray();
      assertThat(LRSuggestion.VALLEY.suggest(x, y).lr())
          .as(Arrays.toString(y))
          .isEqualTo(expected + 1);
    }
  }

  @Test
  void leavesOutTheEndsAndAllFromTheFirstNaN() {
    double[] y = IntStream.range(0, 30).mapToDouble(i -> i).toArray();
    assertThat(LRSuggestion.usable(y, 100)).hasSize(15).startsWith(10.0).endsWith(24.0);
    y[12] = Double.NaN;
    y[20] = Double.NaN;
    assertThat(LRSuggestion.usable(y, 100)).containsExactly(10, 11);
    assertThat(LRSuggestion.usable(new double[3], 100)).isEmpty();
    double[] none = {};
    assertThatThrownBy(() -> LRSuggestion.VALLEY.suggest(none, none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("VALLEY: 0 rates and 0 losses");
  }
}
