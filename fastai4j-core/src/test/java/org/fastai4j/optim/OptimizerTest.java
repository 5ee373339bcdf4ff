package org.fastai4j.optim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OptimizerTest {
  private static final double[][] GRADIENTS = {{.1, .2, -.3}, {.1, -.2, .3}, {.05, .05, .05}};

  /** Every optimizer, with what fastai's p = (1, -2, 3) is after steps 1, 2 and 3 with lr .1. */
  @SuppressWarnings("ImmutableEnumChecker") // an array and a function that nothing changes
  private enum Case {
    SGD_PLAIN(SGD::new, .99, -2.02, 3.03, .98, -2.0, 3.0, .975, -2.005, 2.995),
    SGD_MOM(
        (p, lr) -> new SGD(p, lr, .9, .01),
        new double[] {.989, -2.018, 3.027, .9690111, -2.013982, 3.020973},
        .9459421,
        -2.015168,
        3.010252),
    SGD_L2(
        (p, lr) -> new SGD(p, lr, .9, .01).decoupleWd(false),
        new double[] {.989, -2.018, 3.027, .968111, -2.012182, 3.018273},
        .9433428,
        -2.009934,
        3.0024),
    RMSPROP(
        RMSProp::new,
        new double[] {9.54e-7, -3, 4, -.7088798, -2.291119, 3.291119},
        -1.04445,
        -2.466472,
        3.173205),
    RMSPROP_MOM(
        (p, lr) -> new RMSProp(p, lr).setHyper("mom", .9),
        new double[] {9.54e-7, -3, 4, -1.346872, -2.929111, 3.929112},
        -2.830092,
        -3.041337,
        3.747525),
    ADAM(
        Adam::new,
        new double[] {.89901, -2.097995, 3.096997, .798121, -2.090634, 3.088636},
        .7030098,
        -2.09568,
        3.074),
    ADAM_L2(
        (p, lr) -> new Adam(p, lr).decoupleWd(false),
        new double[] {.9000091, -2.099994, 3.099996, .800041, -2.084596, 3.084671},
        .7051277,
        -2.079244,
        3.0611),
    RADAM(
        RAdam::new,
        new double[] {.99, -2.02, 3.03, .98, -2.018947, 3.028421},
        .971845,
        -2.020128,
        3.02558),
    QHADAM(
        QHAdam::new,
        new double[] {.9, -2.1, 3.1, .8, -2.069965, 3.069965},
        .7153212,
        -2.086028,
        3.059117),
    LARC(
        Larc::new,
        new double[] {.998, -2.004, 3.006, .9941935, -2.003599, 3.005399},
        .9750729,
        -2.006368,
        2.998737),
    LAMB(
        Lamb::new,
        new double[] {.7839837, -2.216027, 3.216031, .3867329, -2.195118, 3.195121},
        .001131073,
        -2.224296,
        3.147909),
    ADAMW(AdamW::new),
    LARS(Larc::lars),
    LOOKAHEAD((p, lr) -> new Lookahead(new SGD(p, lr, .9, .01), 2, .5)),
    RANGER(Lookahead::ranger);

    final OptimizerFunction make;
    final double[] expected;

    Case(OptimizerFunction make, double... expected) {
      this.make = make;
      this.expected = expected;
    }

    Case(OptimizerFunction make, double[] first, double... last) {
      this.make = make;
      expected = new double[9];
      System.arraycopy(first, 0, expected, 0, 6);
      System.arraycopy(last, 0, expected, 6, 3);
    }
  }

  private static double steps(Optimizer opt, String entry) {
    return requireNonNull(opt.state().get(entry)).item();
  }

  private static Map<String, Tensor> copied(Map<String, Tensor> state) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    state.forEach((name, t) -> out.put(name, t.copy()));
    return out;
  }

  private static Tensor parameter(double... values) {
    return Tensor.of(values).toFloat().requiresGrad_();
  }

  private static void step(Optimizer opt, double[] gradient) {
    for (Tensor p : opt.parameters()) {
      if (p.requiresGrad()) {
        p.mul(Tensor.of(gradient).toFloat()).sum().backward();
      }
    }
    opt.step();
    opt.zeroGrad();
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void movesAsFastaiDoes(Case c) {
    Tensor p = parameter(1, -2, 3);
    Optimizer opt = c.make.create(List.of(p), .1);
    for (int i = 0; i < c.expected.length; i += 3) {
      step(opt, GRADIENTS[i / 3]);
      double[] expected = {c.expected[i], c.expected[i + 1], c.expected[i + 2]};
      assertThat(p.to(DType.FLOAT64).toDoubleArray()).containsExactly(expected, within(3e-6));
    }
  }

  @Test
  void rectifiesFromTheSixthStepAndPullsBackAtEverySixth() {
    Tensor p = parameter(1, -2, 3);
    Tensor q = parameter(1, -2, 3);
    Optimizer radam = new RAdam(List.of(p), .1);
    Optimizer ranger = Lookahead.ranger(List.of(q), .1);
    double[] radams = {.9541425, .9464391, .9364797, .9245393};
    double[] rangers = {.9491358, .9701977, .959233, .9463534};
    for (int i = 0; i < 8; i++) {
      step(radam, GRADIENTS[i % 3]);
      step(ranger, GRADIENTS[i % 3]);
      if (i >= 4) {
        assertThat(p.get(0).item()).isCloseTo(radams[i - 4], within(2e-6));
        assertThat(q.get(0).item()).isCloseTo(rangers[i - 4], within(2e-6));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void goesOnToTheBitFromAStateThatWasSaved(Case c) {
    List<Tensor> names = List.of(parameter(1, -2, 3), parameter(.5, .25, 2));
    Optimizer first = c.make.create(names, .1).withNames(named(names));
    for (int i = 0; i < 5; i++) {
      step(first, GRADIENTS[i % 3]);
    }
    Map<String, Tensor> saved = copied(first.state());
    List<Tensor> copies = names.stream().map(t -> t.detach().copy().requiresGrad_()).toList();
    Optimizer second = c.make.create(copies, .1).withNames(named(copies));
    second.loadState(saved);
    saved.values().forEach(Tensor::zero_); // it has taken copies
    for (int i = 5; i < 15; i++) {
      step(first, GRADIENTS[i % 3]);
      step(second, GRADIENTS[i % 3]);
      assertThat(copies.get(0).equal(names.get(0))).isTrue();
      assertThat(copies.get(1).equal(names.get(1))).isTrue();
    }
    assertThat(steps(second, "b/step")).isEqualTo(15);
  }

  private static Map<String, Tensor> named(List<Tensor> two) {
    return Map.of("a", two.get(0), "b", two.get(1));
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void leavesAFrozenParameterWithAnOldGradientAlone(Case c) {
    Tensor frozen = parameter(1, -2, 3);
    Tensor free = parameter(1, -2, 3);
    Optimizer opt = c.make.create(List.of(frozen, free), .1);
    frozen.add(free).sum().backward();
    frozen.requiresGrad_(false);
    opt.step();
    assertThat(frozen.toDoubleArray()).containsExactly(1, -2, 3);
    assertThat(free.toDoubleArray()).isNotEqualTo(new double[] {1, -2, 3});
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void movesChannelsLastWeightsAsOthers(Case c) {
    Tensor plain = Tensor.randn(4, 3, 2, 2).requiresGrad_();
    Tensor turned =
        plain.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).requiresGrad_();
    Optimizer a = c.make.create(List.of(plain), .1);
    Optimizer b = c.make.create(List.of(turned), .1);
    Tensor factor = Tensor.randn(4, 3, 2, 2);
    for (int i = 0; i < 4; i++) {
      for (Optimizer opt : List.of(a, b)) {
        opt.parameters().get(0).mul(factor.mul(1 + i)).sum().backward();
        opt.step();
        opt.zeroGrad();
      }
    }
    assertThat(turned.allclose(plain, 1e-5, 1e-6)).isTrue();
  }

  /** Of a convolution's kernel, only what meets the image: the rest has no gradient but zeros. */
  @ParameterizedTest
  @EnumSource(Case.class)
  void movesAPartAsTheWholeWithZeros(Case c) {
    for (boolean channelsLast : new boolean[] {false, true}) {
      Tensor p = Tensor.randn(4, 3, 3, 3);
      Tensor narrow = (channelsLast ? p.channelsLast() : p.copy()).requiresGrad_();
      Tensor wide = narrow.detach().copy().requiresGrad_();
      Optimizer a = c.make.create(List.of(narrow), .1).setHyper("wd", .1);
      Optimizer b = c.make.create(List.of(wide), .1).setHyper("wd", .1);
      long[] from = {0, 0, 1, 0};
      long[] middle = {4, 3, 1, 2};
      long[] more = {4, 3, 2, 2};
      long[] all = {4, 3, 2, 3};
      long[][] lengths = {middle, middle, middle, more, more, middle, all, all, middle};
      for (int i = 0; i < lengths.length; i++) {
        Tensor factor = Tensor.randn(lengths[i]);
        (lengths[i] == all ? narrow.narrow(from, all) : narrow.part(from, lengths[i]))
            .mul(factor)
            .sum()
            .backward();
        wide.narrow(from, lengths[i]).mul(factor).sum().backward();
        if (i == 2) {
          a.loadState(copied(a.state())); // the whole, which says nothing of a part
        }
        a.step();
        b.step();
        a.zeroGrad();
        b.zeroGrad();
        assertThat(narrow.allclose(wide, 1e-5, 1e-6)).as("step %d", i).isTrue();
        if (i != 4) { // where its state is still kept for the part
          assertStates(a.state(), b.state());
        }
      }
    }
  }

  private static void assertStates(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    actual.forEach(
        (name, t) ->
            assertThat(t.allclose(requireNonNull(expected.get(name)), 1e-5, 1e-6))
                .as(name)
                .isTrue());
  }

  /** Tells what it was given, and moves nothing. */
  private static final class Probe extends Optimizer {
    private final List<List<Long>> shapes = new ArrayList<>();
    private boolean fails;

    Probe(Tensor p) {
      super(List.of(p), .1, Map.of("wd", .5));
    }

    @Override
    protected void update(ParamBatch b) {
      List<Tensor> states = b.state("seen").add_(1).tensors();
      for (Tensor t : List.of(b.parameters().tensors().get(0), states.get(0))) {
        shapes.add(LongStream.of(t.shape().toArray()).boxed().toList());
      }
      if (fails) {
        throw new IllegalStateException("update");
      }
      b.decay();
    }

    @Override
    protected boolean movesParts() {
      return true;
    }
  }

  @Test
  void isGivenAPartUntilAGradientOfTheWholeWasAskedFor() {
    Tensor p = Tensor.ones(4, 3, 3, 3).channelsLast().requiresGrad_();
    Probe opt = new Probe(p);
    List<Long> part = List.of(4L, 1L, 2L, 3L); // in the order of memory
    List<Long> whole = List.of(4L, 3L, 3L, 3L);
    stepOfPart(opt);
    assertThat(opt.shapes).containsExactly(part, part);
    assertThat(requireNonNull(opt.state().get("0/seen")).sum().item()).isEqualTo(24);
    assertThat(p.sum().item()).as("all of it decays").isCloseTo(108 * .95, within(1e-4));

    opt.shapes.clear();
    stepOfPart(opt);
    p.sum().backward();
    opt.step();
    opt.zeroGrad();
    stepOfPart(opt);
    assertThat(opt.shapes).containsExactly(part, part, whole, whole, whole, whole);

    opt.shapes.clear();
    opt.clearState();
    stepOfPart(opt);
    assertThat(opt.shapes).containsExactly(part, part);
  }

  @Test
  void leavesAPartAsItWasWhereAnUpdateFails() {
    Tensor p = Tensor.ones(4, 3, 3, 3).requiresGrad_();
    Probe opt = new Probe(p);
    opt.fails = true;
    assertThatThrownBy(() -> stepOfPart(opt)).hasMessage("update");
    assertThat(p.equal(Tensor.ones(4, 3, 3, 3))).isTrue();
  }

  private static void stepOfPart(Optimizer opt) {
    long[] start = {0, 0, 1, 1};
    opt.parameters().get(0).part(start, new long[] {4, 3, 1, 2}).sum().backward();
    opt.step();
    opt.zeroGrad();
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void movesHalfPrecisionParameters(Case c) {
    Tensor exact = Tensor.full(2, 101).requiresGrad_(); // more than the kernels take at a time
    Tensor half = exact.detach().to(DType.BFLOAT16).requiresGrad_();
    Optimizer a = c.make.create(List.of(exact), .03125);
    Optimizer b = c.make.create(List.of(half), .03125);
    for (int i = 0; i < 8; i++) {
      for (Optimizer opt : List.of(a, b)) {
        opt.parameters().get(0).sum().backward();
        opt.step();
        opt.zeroGrad();
      }
    }
    assertThat(half.toFloat().allclose(exact, .02, .02)).isTrue();
    assertThat(half.max().item()).isLessThan(2);
  }

  /** By itself, decay of half precision is rounded too coarsely; the fused kernel rounds once. */
  @Test
  void decaysAPartOfHalfPrecisionAsTheWhole() {
    Tensor p = Tensor.full(2, 4, 3, 3, 3).to(DType.BFLOAT16).requiresGrad_();
    Tensor q = p.detach().copy().requiresGrad_();
    Optimizer part = new Adam(List.of(p), .01).setHyper("wd", .3);
    Optimizer whole = new Adam(List.of(q), .01).setHyper("wd", .3);
    long[] start = {0, 0, 1, 1};
    long[] length = {4, 3, 1, 2};
    for (int i = 0; i < 200; i++) {
      Tensor factor = Tensor.randn(length);
      p.part(start, length).mul(factor).sum().backward();
      q.narrow(start, length).mul(factor).sum().backward();
      for (Optimizer opt : List.of(part, whole)) {
        opt.step();
        opt.zeroGrad();
      }
    }
    Tensor inside = p.narrow(start, length).toFloat();
    assertThat(inside.allclose(q.narrow(start, length).toFloat(), .01, 0)).isTrue();
    assertThat(inside.mean().item()).isCloseTo(2 * Math.pow(1 - .003, 200), within(.15));
  }

  @ParameterizedTest
  @EnumSource(
      value = Case.class,
      names = {"SGD_MOM", "SGD_L2", "ADAM", "ADAM_L2", "LOOKAHEAD"})
  void goesOnToTheBitFromTheStateOfAPart(Case c) {
    Tensor p = Tensor.randn(4, 3, 3, 3).channelsLast().requiresGrad_();
    Tensor q = p.detach().copy().requiresGrad_();
    Optimizer first = c.make.create(List.of(p), .1);
    Optimizer second = c.make.create(List.of(q), .1);
    for (int i = 0; i < 6; i++) {
      if (i == 3) {
        q.setData_(p.detach().copy());
        second.loadState(copied(first.state()));
      }
      Tensor factor = Tensor.randn(4, 3, 1, 1);
      for (Optimizer opt : List.of(first, second)) {
        opt.parameters()
            .get(0)
            .part(new long[] {0, 0, 1, 1}, new long[] {4, 3, 1, 1})
            .mul(factor)
            .sum()
            .backward();
        opt.step();
        opt.zeroGrad();
      }
      assertThat(q.equal(p)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void movesFloat64Parameters(Case c) {
    Tensor p = Tensor.of(new double[] {1, -2, 3}).requiresGrad_();
    Tensor q = parameter(1, -2, 3);
    Optimizer opt = c.make.create(List.of(p, q), .1); // of two dtypes
    for (double[] gradient : GRADIENTS) {
      p.mul(Tensor.of(gradient)).sum().backward();
      q.mul(Tensor.of(gradient).toFloat()).sum().backward();
      opt.step();
      opt.zeroGrad();
    }
    assertThat(q.toDoubleArray()).containsExactly(p.toDoubleArray(), within(1e-5));
  }

  @Test
  void freezesAllBeforeAGroupButWhatIsAlwaysTrained() {
    Tensor a = parameter(1);
    Tensor norm = parameter(1);
    Tensor b = parameter(1);
    Tensor c = parameter(1);
    Optimizer opt =
        new SGD(List.of(a, norm, b, c), .1, .9, 0)
            .withGroups(List.of(List.of(a, norm), List.of(b), List.of(c)))
            .alwaysTrained(List.of(norm));
    a.add(norm).add(b).add(c).sum().backward();
    opt.step();
    opt.zeroGrad();
    opt.freezeTo(-1);
    assertThat(opt.frozenTo()).isEqualTo(2);
    assertThat(opt.parameters())
        .extracting(Tensor::requiresGrad)
        .containsExactly(false, true, false, true);
    assertThat(steps(opt, "0/step")).isZero();
    assertThat(opt.state()).doesNotContainKey("0/grad_avg");
    opt.freezeTo(1);
    assertThat(opt.parameters())
        .extracting(Tensor::requiresGrad)
        .containsExactly(false, true, true, true);
    opt.freezeTo(0);
    assertThat(opt.parameters()).allMatch(Tensor::requiresGrad);
    assertThatThrownBy(() -> opt.freezeTo(-4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("freezeTo: -4 of 3 parameter groups");
  }

  @Test
  void movesEachGroupByItsOwnHyperParameters() {
    Tensor a = parameter(1);
    Tensor b = parameter(1);
    Optimizer opt =
        new SGD(List.of(a, b), .1, 0, .5)
            .withGroups(List.of(List.of(a), List.of(b)))
            .withoutDecay(List.of(b))
            .setHypers("lr", .1, .01);
    assertThat(opt.lr()).isEqualTo(.01);
    step(opt, new double[] {1});
    assertThat(a.item()).isCloseTo(.95 - .1, within(1e-6));
    assertThat(b.item()).isCloseTo(.99, within(1e-6));
    opt.groups().get(0).setHyper("lr", 0);
    assertThat(opt.groups().get(0).hypers()).isEqualTo(Map.of("lr", 0.0, "mom", 0.0, "wd", .5));
  }

  @Test
  void namesTheHyperParametersThatItHas() {
    Optimizer opt = new SGD(List.of(parameter(1)), .1);
    assertThatThrownBy(() -> opt.setHyper("momentum", .9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no hyper-parameter 'momentum'; the optimizer has lr, mom, wd");
    assertThatThrownBy(() -> opt.setHypers("lr", .1, .2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 values of 'lr' for 1 parameter groups");
  }

  @Test
  void takesGroupsThatHoldEachParameterOnceBeforeTheFirstStep() {
    Tensor a = parameter(1);
    Tensor b = parameter(1);
    Optimizer opt = new SGD(List.of(a, b), .1);
    assertThatThrownBy(() -> opt.withGroups(List.of(List.of(a), List.of(a))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each must be in one group");
    assertThatThrownBy(() -> opt.withGroups(List.of(List.of(a), List.of(parameter(2)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none of the optimizer's 2");
    step(opt, new double[] {1});
    assertThatThrownBy(() -> opt.withGroups(List.of(List.of(a), List.of(b))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("before the first step");
  }

  @Test
  void refusesAStateThatIsNotItsOwnAndStaysAsItWas() {
    Tensor p = parameter(1, -2, 3);
    Optimizer opt = new Adam(List.of(p), .1).withNames(Map.of("0.weight", p));
    step(opt, GRADIENTS[0]);
    Map<String, Tensor> good = new LinkedHashMap<>();
    opt.state().forEach((name, t) -> good.put(name, t.copy()));
    Map<String, String> faults = new LinkedHashMap<>();
    List<Map<String, Tensor>> bad = new ArrayList<>();
    for (String missing : good.keySet()) {
      Map<String, Tensor> state = new LinkedHashMap<>(good);
      state.remove(missing);
      bad.add(state);
      faults.put(missing, "no entry '" + missing + "'");
    }
    Map<String, Tensor> shape = new LinkedHashMap<>(good);
    shape.put("0.weight/sqr_avg", Tensor.zeros(4));
    bad.add(shape);
    faults.put("shape", "'0.weight/sqr_avg' is [4], not [3]");
    Map<String, Tensor> more = new LinkedHashMap<>(good);
    more.put("1.weight/step", Tensor.of(new long[] {1}));
    bad.add(more);
    faults.put("more", "'1.weight/step' is no entry of this Adam");
    List<String> messages = new ArrayList<>(faults.values());
    for (int i = 0; i < bad.size(); i++) {
      Map<String, Tensor> state = bad.get(i);
      assertThatThrownBy(() -> opt.loadState(state))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(messages.get(i));
      assertThat(opt.state()).hasSize(3);
      opt.state()
          .forEach((name, t) -> assertThat(t.equal(requireNonNull(good.get(name)))).isTrue());
    }
  }

  @Test
  void countsTheStepsOfEachParameter() {
    Tensor early = parameter(1);
    Tensor late = parameter(1);
    Tensor alone = parameter(1);
    Optimizer both = new Adam(List.of(early, late), .1);
    Optimizer one = new Adam(List.of(alone), .1);
    early.sum().backward();
    both.step();
    both.zeroGrad();
    step(both, new double[] {.5});
    step(one, new double[] {.5});
    assertThat(late.item()).isEqualTo(alone.item());
    assertThat(steps(both, "0/step")).isEqualTo(2);
    assertThat(steps(both, "1/step")).isEqualTo(1);
  }

  @Test
  void runsARuleOfOnesOwn() {
    final class SignDescent extends Optimizer {
      SignDescent(List<Tensor> parameters, double lr) {
        super(parameters, lr, Map.of());
      }

      @Override
      protected void update(ParamBatch b) {
        b.parameters().add_(b.gradients().map(Tensor::sign), -b.lr());
      }
    }
    Tensor p = parameter(1, -2, 3);
    step(new SignDescent(List.of(p), .5), GRADIENTS[0]);
    assertThat(p.toDoubleArray()).containsExactly(.5, -2.5, 3.5);
  }
}
