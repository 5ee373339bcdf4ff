package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.fastai4j.optim.Annealer;
import org.fastai4j.optim.LRSuggestion;
import org.fastai4j.optim.LearningRate;
import org.fastai4j.optim.Schedule;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules, annealers and suggestions by themselves; golden kind {@code schedules}. */
class GoldenSchedulesTest {
  static List<Golden.Case> schedules() {
    return cases("fit");
  }

  static List<Golden.Case> fineTunes() {
    return cases("fine_tune");
  }

  static List<Golden.Case> ranges() {
    return cases("lr_find_sequence");
  }

  static List<Golden.Case> suggestions() {
    return cases("suggestions_");
  }

  private static List<Golden.Case> cases(String start) {
    return Golden.cases("schedules").stream()
        .filter(
            c ->
                start.equals("fit")
                    ? c.params().get("fn").getAsString().startsWith("fit")
                    : c.name().startsWith("schedules/" + start))
        .toList();
  }

  @Test
  void hasEveryCase() {
    assertThat(Golden.cases("schedules")).hasSize(32);
    assertThat(schedules()).hasSize(18);
    assertThat(fineTunes()).hasSize(3);
    assertThat(ranges()).hasSize(2);
    assertThat(suggestions()).hasSize(5);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void setsTheRatesAndMomentaOfEachIteration(Golden.Case c) {
    JsonObject p = c.params();
    JsonObject args = p.has("args") ? p.getAsJsonObject("args") : p;
    Schedule schedule =
        switch (p.get("fn").getAsString()) {
          case "fit_one_cycle" ->
              Schedule.oneCycle(
                  rate(args, "lr_max"),
                  number(args, "div", 25),
                  number(args, "div_final", 1e5),
                  number(args, "pct_start", 0.25),
                  args.has("moms") ? doubles(args.get("moms")) : new double[] {0.95, 0.85, 0.95});
          case "fit_flat_cos" ->
              Schedule.flatCos(
                  rate(args, "lr"),
                  number(args, "div_final", 1e5),
                  number(args, "pct_start", 0.75));
          case "fit_sgdr" -> {
            int cycles = args.get("n_cycles").getAsInt();
            int length = args.get("cycle_len").getAsInt();
            int mult = whole(args, "cycle_mult", 2);
            assertThat(Schedule.sgdrEpochs(cycles, length, mult))
                .isEqualTo(p.get("n_epoch").getAsInt());
            yield Schedule.sgdr(rate(args, "lr_max"), cycles, length, mult);
          }
          default -> Schedule.constant(rate(args, "lr"));
        };
    check(c, "out.", schedule, p.get("n_epoch").getAsInt());
  }

  @ParameterizedTest
  @MethodSource("fineTunes")
  void setsThoseOfBothPhasesOfAFineTuning(Golden.Case c) {
    JsonObject args = c.params().getAsJsonObject("args");
    double lr = number(args, "base_lr", 2e-3);
    Schedule frozen = Schedule.oneCycle(LearningRate.slice(lr), 25, 1e5, 0.99, 0.95, 0.85, 0.95);
    check(c, "out.freeze.", frozen, whole(args, "freeze_epochs", 1));
    lr /= 2;
    Schedule whole =
        Schedule.oneCycle(
            LearningRate.slice(lr / number(args, "lr_mult", 100), lr),
            number(args, "div", 5),
            1e5,
            number(args, "pct_start", 0.3),
            0.95,
            0.85,
            0.95);
    check(c, "out.unfreeze.", whole, c.params().get("epochs").getAsInt());
  }

  /** Momentum is compared where the schedule sets it; elsewhere the optimizer's stays. */
  private static void check(Golden.Case c, String prefix, Schedule schedule, int epochs) {
    Map<String, Tensor> in = c.tensors();
    int groups = c.params().get("groups").getAsInt();
    int perEpoch = c.params().get("n_iter").getAsInt();
    int start = whole(c.params(), "start_epoch", 0) * perEpoch;
    double[] pcts =
        IntStream.range(start, epochs * perEpoch)
            .mapToDouble(i -> i / (double) (perEpoch * epochs))
            .toArray();
    Map<String, List<Annealer>> annealers = schedule.forGroups(groups);
    annealers.forEach(
        (name, each) -> {
          double[] values =
              Arrays.stream(pcts)
                  .flatMap(pct -> each.stream().mapToDouble(a -> a.at(pct)))
                  .toArray();
          c.check(prefix + name, Tensor.of(values, pcts.length, groups), of(in, prefix + name));
        });
    c.check(prefix + "pct_train", Tensor.of(pcts), of(in, prefix + "pct_train"));
    assertThat(annealers.containsKey("mom"))
        .isEqualTo(c.params().get("fn").getAsString().matches("fit_one_cycle|fine_tune"));
  }

  @Test
  void annealsAsFastai() {
    Golden.Case c = byName("sched_samples");
    sample(c, "out.lin", Annealer.lin(0.1, 2)::at);
    sample(c, "out.cos", Annealer.cos(0.1, 2)::at);
    sample(c, "out.exp", Annealer.exp(0.1, 2)::at);
    sample(c, "out.no", Annealer.no(0.1)::at);
    sample(c, "out.poly0.5", Annealer.poly(0.1, 2, 0.5)::at);
    sample(c, "out.poly2", Annealer.poly(0.1, 2, 2)::at);
    sample(c, "out.poly3", Annealer.poly(0.1, 2, 3)::at);
  }

  @Test
  void combinesAnnealersAsFastai() {
    Golden.Case c = byName("sched_combined");
    Annealer two =
        Annealer.combine(new double[] {.3, .7}, Annealer.cos(.3, .6), Annealer.cos(.6, .2));
    sample(c, "out.combined", two::at);
    sample(c, "out.combined_cos", Annealer.combinedCos(.25, .5, 1, 0)::at);
  }

  private static void sample(Golden.Case c, String output, DoubleUnaryOperator f) {
    Map<String, Tensor> in = c.tensors();
    double[] values = Arrays.stream(of(in, "in.pos").toDoubleArray()).map(f).toArray();
    c.check(output, Tensor.of(values), of(in, output));
  }

  @Test
  void slicesMultiplyEvenly() {
    Golden.Case c = byName("even_mults");
    for (int n = 2; n <= 4; n++) {
      Tensor expected = of(c.tensors(), "out.n" + n);
      c.check("out.n" + n, Tensor.of(LearningRate.slice(1e-5, 1e-2).forGroups(n)), expected);
    }
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void anExponentialGivesTheRatesOfARangeTest(Golden.Case c) {
    JsonObject args = c.params().getAsJsonObject("args");
    int tries = whole(args, "num_it", 100);
    Annealer lr = Annealer.exp(number(args, "start_lr", 1e-7), number(args, "end_lr", 10));
    double[] lrs = IntStream.range(0, tries).mapToDouble(i -> lr.at((double) i / tries)).toArray();
    c.check("out.lr", Tensor.of(lrs), of(c.tensors(), "out.lr"));
  }

  @ParameterizedTest
  @MethodSource("suggestions")
  void suggestsTheRateAndMarksThePointOfACurve(Golden.Case c) {
    Map<String, Tensor> in = c.tensors();
    int tries = c.params().get("num_it").getAsInt();
    double[] losses = LRSuggestion.usable(doubles(in, "in.losses"), tries);
    assertThat(losses).hasSize(c.params().get("used").getAsInt());
    double[] lrs = Arrays.copyOfRange(doubles(in, "in.lrs"), 10, 10 + losses.length);
    for (LRSuggestion rule : LRSuggestion.values()) {
      LRSuggestion.Pick pick = rule.suggest(lrs, losses);
      String output = "out." + rule.name().toLowerCase(Locale.ROOT);
      c.check(output, Tensor.scalar(pick.lr()), of(in, output));
      c.check(
          output + "_point",
          Tensor.of(new double[] {pick.pointLr(), pick.pointLoss()}),
          of(in, output + "_point"));
    }
  }

  @Test
  void suggestsTheRatesOfARealRangeTest() {
    Golden.Case c = byName("lr_find_run");
    Map<String, Tensor> in = c.tensors();
    double[] losses = LRSuggestion.usable(doubles(in, "out.smooth_losses"), 100);
    double[] lrs = Arrays.copyOfRange(doubles(in, "out.lrs"), 10, 10 + losses.length);
    for (LRSuggestion rule : LRSuggestion.values()) {
      c.check(
          "out." + rule.label(),
          Tensor.scalar(rule.suggest(lrs, losses).lr()),
          of(in, "out." + rule.label()));
    }
  }

  private static Golden.Case byName(String name) {
    return cases(name).get(0);
  }

  private static Tensor of(Map<String, Tensor> tensors, String name) {
    return requireNonNull(tensors.get(name), name);
  }

  private static double[] doubles(Map<String, Tensor> tensors, String name) {
    return of(tensors, name).to(DType.FLOAT64).toDoubleArray();
  }

  private static double[] doubles(JsonElement array) {
    return Golden.stream(array).mapToDouble(JsonElement::getAsDouble).toArray();
  }

  private static double number(JsonObject args, String name, double otherwise) {
    return args.has(name) ? args.get(name).getAsDouble() : otherwise;
  }

  private static int whole(JsonObject args, String name, int otherwise) {
    return args.has(name) ? args.get(name).getAsInt() : otherwise;
  }

  /** A number, or what the case writes as {@code slice(a,b)} or {@code [a,b]}; 1e-3 without one. */
  private static LearningRate rate(JsonObject args, String name) {
    if (!args.has(name)) {
      return LearningRate.of(1e-3);
    }
    if (args.getAsJsonPrimitive(name).isNumber()) {
      return LearningRate.of(args.get(name).getAsDouble());
    }
    String text = args.get(name).getAsString();
    double[] numbers =
        Arrays.stream(text.replaceAll("slice|[()\\[\\]]", "").split(",", -1))
            .mapToDouble(Double::parseDouble)
            .toArray();
    if (text.startsWith("[")) {
      return LearningRate.each(numbers);
    }
    return numbers.length == 1
        ? LearningRate.slice(numbers[0])
        : LearningRate.slice(numbers[0], numbers[1]);
  }
}
