package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.GradCheck.gradCheck;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartTest {
  private static final long[] START = {0, 1, 0, 1};
  private static final long[] LENGTH = {3, 2, 2, 1};

  /** A parameter {@code [3, 4, 2, 3]}, of memory in either order. */
  private static Tensor parameter(boolean channelsLast) {
    Tensor p = Tensor.randn(3, 4, 2, 3);
    return (channelsLast ? p.channelsLast() : p).requiresGrad_();
  }

  private static Tensor part(Tensor p) {
    return p.part(START, LENGTH);
  }

  /** What a plain view makes of it. */
  private static Tensor narrowed(Tensor p) {
    return p.narrow(1, 1, 2).narrow(3, 1, 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void learnsAsAViewDoes(boolean channelsLast) {
    Tensor p = parameter(channelsLast);
    Tensor same = p.detach().copy().requiresGrad_();
    Tensor factor = Tensor.randn(3, 2, 2, 1);
    assertThat(part(p)).isCloseTo(narrowed(p));
    for (int i = 0; i < 2; i++) { // gradients add up
      part(p).mul(factor).add(part(p).square()).sum().backward();
      narrowed(same).mul(factor).add(narrowed(same).square()).sum().backward();
      assertThat(p.hasGrad()).isTrue();
      assertThat(p.grad()).isCloseTo(same.grad());
    }
    assertThat(p.grad().stride()).isEqualTo(p.stride());
    Tensor held = p.grad();
    part(p).sum().backward();
    p.square().sum().backward(); // the whole learns too
    narrowed(same).sum().add(same.square().sum()).backward();
    assertThat(p.gradIfAny().orElseThrow()).isCloseTo(same.grad());
    assertThat(held).as("the tensor itself").isCloseTo(same.grad());
  }

  @Test
  void hasItsGradientToItselfUntilThatOfTheWholeIsAskedFor() {
    Tensor p = parameter(true);
    assertThat(p.partWithGrad()).isEmpty();
    part(p).mul(2).sum().backward();
    Part part = p.partWithGrad().orElseThrow();
    assertThat(part.tensor().grad()).hasShape(3, 2, 1, 2).isCloseTo(Tensor.full(2, 3, 2, 1, 2));
    assertThat(part.tensor().isAliasOf(p)).isTrue();
    assertThat(part.of(p)).isCloseTo(part.tensor());

    assertThat(p.grad().sum().item()).isEqualTo(2 * 12);
    assertThat(p.partWithGrad()).as("it is in that of the whole now").isEmpty();
    assertThat(part.tensor().hasGrad()).isFalse();

    p.zeroGrad();
    assertThat(p.hasGrad()).isFalse();
    part(p).sum().backward();
    p.part(START, new long[] {3, 2, 1, 1}).sum().backward();
    assertThat(p.partWithGrad()).as("two parts").isEmpty();
    assertThat(p.grad().sum().item()).isEqualTo(12 + 6);
  }

  @Test
  void forgetsItsGradientWithThatOfTheWhole() {
    Tensor p = parameter(false);
    Tensor loss = part(p).sum();
    loss.backwardRetainingGraph();
    p.zeroGrad();
    assertThat(p.hasGrad()).isFalse();
    assertThatThrownBy(p::grad).isInstanceOf(TensorException.class).hasMessageContaining("grad");
    loss.backwardRetainingGraph(); // of a graph from before
    assertThat(p.grad().sum().item()).isEqualTo(12);
    loss.backward();
    p.setGrad_(p.zerosLike());
    assertThat(p.grad().sum().item()).isEqualTo(0);
  }

  @Test
  void isAPlainViewWhereNothingLearns() {
    Tensor p = parameter(false);
    Autograd.noGrad(() -> assertThat(part(p)).isCloseTo(narrowed(p)));
    p.requiresGrad_(false);
    assertThat(part(p)).isCloseTo(narrowed(p));
    assertThat(p.parts()).isEmpty();
    Tensor result = p.copy().requiresGrad_().mul(1);
    assertThat(part(result).gradFunction()).isEqualTo("AsStridedBackward0");
  }

  @Test
  void followsTheParameterToOtherMemory() {
    Tensor p = parameter(false);
    part(p).sum().backward();
    p.setData_(p);
    assertThat(p.partWithGrad()).as("nothing has changed").isPresent();
    p.setData_(Autograd.noGrad(() -> p.mul(3).channelsLast()));
    assertThat(part(p)).isCloseTo(narrowed(p));
    part(p).sum().backward();
    assertThat(p.grad()).as("before and after").isCloseTo(within(p, 2));
  }

  @Test
  void refusesABackwardPassThroughChangedElements() {
    Tensor p = parameter(false);
    Tensor loss = part(p).square().sum();
    Autograd.noGrad(() -> p.mul_(2));
    assertThatThrownBy(loss::backward)
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("modified by an inplace operation");
  }

  @Test
  void isDifferentiatedWithItsParameter() {
    Tensor p = parameter(true);
    Tensor other = Tensor.ones(2).requiresGrad_();
    Tensor y = part(p).pow(3).sum().add(p.square().sum()).add(other.sum());
    Tensor slope = Autograd.grad(y, List.of(other, p), true).get(1);
    Tensor inside = within(p, 1);
    assertThat(slope).isCloseTo(p.square().mul(3).mul(inside).add(p.mul(2)), 1e-5, 1e-5);
    assertThat(p.hasGrad()).isFalse();
    Tensor curve = Autograd.grad(slope.sum(), List.of(p), false).get(0);
    assertThat(curve).isCloseTo(p.mul(6).mul(inside).add(2), 1e-5, 1e-5);
    assertThatThrownBy(() -> Autograd.grad(other.sum(), List.of(p), false))
        .isInstanceOf(TensorException.class)
        .hasMessage("grad: the output was not computed from an input [3, 4, 2, 3]");
    gradCheck(x -> part(x).pow(3), 3, 4, 2, 3);
  }

  @Test
  void isOneForAllThreads() throws Exception {
    Tensor p = parameter(false);
    Callable<Integer> work =
        () -> {
          for (int i = 0; i < 200; i++) {
            long length = 1L + i % 4;
            Scope.run(() -> p.part(new long[4], new long[] {3, length, 2, 3}).sum().backward());
          }
          return 0;
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    for (Future<Integer> done : threads.invokeAll(List.of(work, work))) {
      assertThat(done.get()).isEqualTo(0);
    }
    threads.shutdown();
    assertThat(p.parts()).hasSize(4);
    assertThat(p.grad().sum().item()).isEqualTo(2 * 50 * (1 + 2 + 3 + 4) * 3 * 2 * 3);
  }

  @Test
  void mustBeWithinTheTensor() {
    Tensor p = parameter(false);
    for (long[] start :
        new long[][] {{0, 3, 0, 0}, {-1, 0, 0, 0}, {0, 0, 0}, {Long.MAX_VALUE, 0, 0, 0}}) {
      assertThatThrownBy(() -> p.part(start, LENGTH))
          .isInstanceOf(TensorException.class)
          .hasMessageStartingWith("narrow: [3, 2, 2, 1] positions from [")
          .hasMessageEndingWith("are not within a tensor [3, 4, 2, 3]");
    }
  }

  /** Zeros, with {@code value} in the part. */
  private static Tensor within(Tensor p, double value) {
    Tensor out = p.detach().zerosLike();
    narrowed(out).add_(value);
    return out;
  }
}
