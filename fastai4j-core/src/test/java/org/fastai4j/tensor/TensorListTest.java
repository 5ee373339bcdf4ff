package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TensorListTest {
  /** The list's kernels, which a GPU uses, and the loop must give the same. */
  private static void check(UnaryOperator<TensorList> f) {
    List<Tensor> start = List.of(Tensor.rand(3, 2).add(1), Tensor.rand(5).add(1), Tensor.scalar(2));
    TensorList looped = f.apply(TensorList.of(copies(start), false));
    TensorList together = f.apply(TensorList.of(copies(start), true));
    assertThat(together.size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      Tensor a = together.tensors().get(i);
      assertThat(a.shape()).isEqualTo(start.get(i).shape());
      assertThat(a.allclose(looped.tensors().get(i), 1e-6, 1e-7)).isTrue();
      assertThat(a.equal(start.get(i))).isFalse();
    }
  }

  private static List<Tensor> copies(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::copy).toList();
  }

  @Test
  void doesTheSameTogetherAsOneByOne() {
    check(l -> l.add_(l.mul(2), 0.5));
    check(l -> l.add(l, -0.25));
    check(l -> l.add_(0.1));
    check(l -> l.mul_(3));
    check(l -> l.mul(0.3));
    check(l -> l.addcmul_(l.mul(2), l.mul(3), 0.5));
    check(l -> l.addcdiv_(l.mul(2), l.mul(3), -0.5));
    check(l -> l.div(l.sqrt()));
    check(TensorList::sqrt);
    check(l -> l.copy_(l.mul(2)));
    check(l -> l.map(Tensor::neg));
    check(l -> l.add_(l.mul(2), 1.0, 2.0, 3.0));
  }

  @Test
  void measuresEachTensor() {
    TensorList l = TensorList.of(List.of(Tensor.of(new float[] {3, 4}), Tensor.scalar(-2)));
    assertThat(l.norms()).containsExactly(5, 2);
    assertThat(TensorList.of(List.of()).norms()).isEmpty();
  }

  @Test
  void takesAStepOfAdamAtOnce() {
    Tensor p = Tensor.of(new float[] {1, -2});
    Tensor m = Tensor.of(new float[] {.5f, .1f});
    Tensor v = Tensor.of(new float[] {.2f, .3f});
    float[] g = {.3f, -.4f};
    TensorList list = TensorList.of(List.of(p));
    assertThat(
            list.fusedAdam_(
                list.beside(List.of(Tensor.of(g))),
                list.beside(List.of(m)),
                list.beside(List.of(v)),
                7,
                .1,
                .8,
                .95,
                1e-2,
                .5,
                true))
        .isTrue();
    double[] starts = {1, -2};
    double[] ms = {.8 * .5 + .2 * .3, .8 * .1 - .2 * .4};
    double[] vs = {.95 * .2 + .05 * .09, .95 * .3 + .05 * .16};
    double b1 = 1 - Math.pow(.8, 7);
    double b2 = 1 - Math.pow(.95, 7);
    for (int i = 0; i < 2; i++) {
      double expected =
          starts[i] * (1 - .1 * .5) - .1 / b1 * ms[i] / (Math.sqrt(vs[i] / b2) + 1e-2);
      assertThat(p.get(i).item()).isCloseTo(expected, within(1e-6));
      assertThat(m.get(i).item()).isCloseTo(ms[i], within(1e-6));
      assertThat(v.get(i).item()).isCloseTo(vs[i], within(1e-6));
    }
  }

  @Test
  void refusesToFuseWhatLiesInAnotherOrderOrDtype() {
    TensorList p = TensorList.of(List.of(Tensor.ones(2, 3)));
    Tensor turned = Tensor.ones(3, 2).t();
    assertThat(p.fusedSgd_(p.beside(List.of(turned)), p.mul(0), .1, .9)).isFalse();
    assertThat(p.fusedSgd_(p.beside(List.of(Tensor.ones(DType.FLOAT64, 2, 3))), p.mul(0), .1, .9))
        .isFalse();
    assertThat(p.tensors().get(0).equal(Tensor.ones(2, 3))).isTrue();
    TensorList both = TensorList.of(List.of(Tensor.ones(3, 2).t()));
    assertThat(both.fusedSgd_(both.beside(List.of(turned)), both.mul(0), .1, .9)).isTrue();
  }

  @Test
  void namesTheKernelAndTheTensorsThatDoNotFit() {
    TensorList a = TensorList.of(List.of(Tensor.ones(2)), true);
    TensorList b = TensorList.of(List.of(Tensor.ones(3)), true);
    assertThatThrownBy(() -> a.add_(b, 1))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith("_foreach_add_: ")
        .hasMessageContaining("[2] float32 and [3] float32");
    TensorList two = TensorList.of(List.of(Tensor.ones(2), Tensor.ones(2)));
    assertThatThrownBy(() -> two.add_(b, 1))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("a list of 2 tensors was given one of 1");
    assertThatThrownBy(() -> two.add_(two, new double[] {1}))
        .isInstanceOf(TensorException.class)
        .hasMessage("add_: 1 factors for 2 tensors");
  }

  @Test
  void holdsNoMemoryBack() {
    TensorList p = TensorList.of(List.of(Tensor.ones(1000)), true);
    TensorList m = p.mul(0);
    TensorList v = p.mul(0);
    long before = Torch.liveTensors();
    for (int i = 0; i < 100; i++) {
      Scope.run(
          () -> {
            p.fusedAdam_(p.mul(.1), m, v, 1, .1, .9, .99, 1e-5, 0, true);
            p.add_(p.sqrt(), .1);
          });
    }
    assertThat(Torch.liveTensors()).isEqualTo(before);
  }
}
