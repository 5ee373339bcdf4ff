package org.fastai4j.optim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  /** The rates of ten iterations in the order of their groups. */
  private static double[] ten(Schedule s, String name) {
    Annealer a = requireNonNull(s.forGroups(1).get(name)).get(0);
    return IntStream.range(0, 10).mapToDouble(i -> a.at(i / 10.0)).toArray();
  }

  @Test
  void anOneCycleRisesAndFallsWhileMomentumFallsAndRises() {
    Schedule s = Schedule.oneCycle(LearningRate.of(.01));
    assertThat(ten(s, "lr"))
        .containsExactly(
            new double[] {
              .0004,
              .00371672,
              .00908328,
              .00989074,
              .00904509,
              .00750002,
              .00552269,
              .00345498,
              .00165443,
              .000432369
            },
            within(1e-8));
    assertThat(ten(s, "mom"))
        .containsExactly(
            new double[] {
              .95, .915451, .859549, .851093, .859549, .875, .894774, .915451, .933457, .945677
            },
            within(1e-6));
  }

  @Test
  void aFlatCosineLeavesMomentumAlone() {
    Schedule s = Schedule.flatCos(LearningRate.of(.01));
    assertThat(ten(s, "lr"))
        .containsExactly(
            new double[] {.01, .01, .01, .01, .01, .01, .01, .01, .00904509, .00345498},
            within(1e-8));
    assertThat(s.forGroups(1)).containsOnlyKeys("lr");
  }

  @Test
  void warmRestartsBeginAtTheTopOfEachCycle() {
    Annealer lr =
        requireNonNull(Schedule.sgdr(LearningRate.of(.01), 3, 1, 2).forGroups(1).get("lr")).get(0);
    assertThat(lr.at(0)).isEqualTo(.01);
    assertThat(lr.at(1 / 7.0)).isEqualTo(.01);
    assertThat(lr.at(3 / 7.0)).isEqualTo(.01);
    assertThat(lr.at(1)).isCloseTo(0, within(1e-12));
    assertThat(Schedule.sgdrEpochs(3, 2, 2)).isEqualTo(14);
    assertThat(Schedule.sgdrEpochs(4, 1, 1)).isEqualTo(4);
    assertThatThrownBy(() -> Schedule.sgdr(LearningRate.of(1), 0, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sgdr: 0 cycles of 1, times 2; use 1 or more");
  }

  @Test
  void theFirstPieceMayHaveNoLength() {
    Annealer a = Annealer.combinedCos(0, .1, 1, .5);
    assertThat(a.at(0)).isEqualTo(1);
    assertThat(a.at(1)).isEqualTo(.5);
    assertThat(Annealer.combinedCos(1, .1, 1, .5).at(.5)).isCloseTo(.55, within(1e-12));
  }

  @Test
  void takesPartsThatSumToOneButForRounding() {
    Annealer a =
        Annealer.combine(
            new double[] {.6, .3, .1}, Annealer.no(1), Annealer.no(2), Annealer.lin(3, 4));
    assertThat(a.at(.59)).isEqualTo(1);
    assertThat(a.at(.6)).isEqualTo(2);
    assertThat(a.at(.95)).isCloseTo(3.5, within(1e-9));
    assertThat(a.at(1)).isEqualTo(4);
  }

  @Test
  void saysWhatPartsMustBe() {
    assertThatThrownBy(
            () -> Annealer.combine(new double[] {.6, .3}, Annealer.no(1), Annealer.no(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the parts sum to 0.8999999999999999, not to 1");
    assertThatThrownBy(() -> Annealer.combine(new double[] {1}, Annealer.no(1), Annealer.no(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("combine: 1 parts for 2 pieces; use as many");
    assertThatThrownBy(() -> Annealer.combinedCos(1.5, 1, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("combine: a part of -0.5; use 0 to 1");
    assertThatThrownBy(() -> Schedule.oneCycle(LearningRate.of(1), 25, 1e5, .25, .9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("oneCycle: 1 momenta; use three");
  }

  @Test
  void spreadsLearningRatesOverGroups() {
    assertThat(LearningRate.of(.1).forGroups(2)).containsExactly(.1, .1);
    assertThat(LearningRate.slice(1e-2).forGroups(3)).containsExactly(1e-3, 1e-3, 1e-2);
    assertThat(LearningRate.slice(1e-2).forGroups(1)).containsExactly(1e-2);
    assertThat(LearningRate.slice(1e-4, 1e-2).forGroups(3))
        .containsExactly(new double[] {1e-4, 1e-3, 1e-2}, within(1e-15));
    assertThat(LearningRate.slice(1e-4, 1e-2).forGroups(1)).containsExactly(1e-2);
    assertThat(LearningRate.each(.1, .3).forGroups(2)).containsExactly(.1, .3);
    assertThatThrownBy(() -> LearningRate.each(.1, .3).forGroups(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 learning rates for 3 parameter groups; use as many, or a slice");
  }
}
