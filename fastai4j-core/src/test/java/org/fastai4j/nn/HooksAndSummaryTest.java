package org.fastai4j.nn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;

class HooksAndSummaryTest {
  private static Sequential net() {
    return new Sequential(
        new ConvLayer(1, 4, 3, 2), new Flatten(), new Dropout(0.5), new Linear(4 * 14 * 14, 2));
  }

  @Test
  void tellsAHookWhatGoesInAndOutUntilItIsRemoved() {
    Sequential net = net();
    List<String> seen = new ArrayList<>();
    ForwardHook hook = (m, x, y) -> seen.add(m + " " + x.shape() + " " + y.shape());
    Module flatten = (Module) net.layer(1);
    try (ForwardHook.Handle first = flatten.registerForwardHook(hook);
        ForwardHook.Handle second = net.registerForwardHook((m, x, y) -> seen.add("net"))) {
      net.call(Tensor.zeros(3, 1, 28, 28));
      second.remove();
      net.call(Tensor.zeros(3, 1, 28, 28));
    }
    net.call(Tensor.zeros(3, 1, 28, 28));
    assertThat(seen)
        .containsExactly(
            "Flatten [3, 4, 14, 14] [3, 784]", "net", "Flatten [3, 4, 14, 14] [3, 784]");
  }

  @Test
  void takesAwayOneHookOfTwoThatAreTheSame() {
    Identity module = new Identity();
    int[] calls = {0};
    ForwardHook hook = (m, x, y) -> calls[0]++;
    ForwardHook.Handle one = module.registerForwardHook(hook);
    module.registerForwardHook(hook);
    one.remove();
    one.remove();
    module.call(Tensor.zeros(1));
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void passesHooksByWhereForwardIsCalledAlone() {
    Sequential net = new Sequential(new Identity());
    int[] calls = {0};
    net.registerForwardHook((m, in, out) -> calls[0]++);
    Tensor x = Tensor.zeros(1);
    net.forward(x);
    assertThat(calls[0]).isZero();
    net.call(x);
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void listsLayersShapesAndParametersAsFastai() {
    Sequential net = net();
    net.parameters().subList(0, 3).forEach(p -> p.requiresGrad_(false));
    assertThat(net.summary(Shape.of(64, 1, 28, 28)))
        .isEqualTo(
            """
            Sequential (Input shape: 64 x 1 x 28 x 28)
            ============================================================================
            Layer (type)         Output Shape         Param #    Trainable
            ============================================================================
                                 64 x 4 x 14 x 14
            Conv2d                                    36         False
            BatchNorm2d                               8          False
            ReLU
            ____________________________________________________________________________
                                 64 x 784
            Flatten
            Dropout
            ____________________________________________________________________________
                                 64 x 2
            Linear                                    1570       True
            ____________________________________________________________________________

            Total params: 1,614
            Total trainable params: 1,570
            Total non-trainable params: 44
            """);
  }

  @Test
  void leavesModesStatisticsGeneratorAndHooksAsTheyWere() {
    Sequential net = net();
    ((Module) net.layers().get(0)).eval();
    Map<String, Tensor> before = new LinkedHashMap<>();
    net.stateDict().forEach((name, t) -> before.put(name, t.detach().copy()));
    Tensor generator = Torch.getRngState();
    String first = net.summary(Shape.of(2, 1, 28, 28));
    assertThat(net.summary(Shape.of(2, 1, 28, 28))).isEqualTo(first);
    net.stateDict()
        .forEach((name, t) -> assertThat(t.equal(requireNonNull(before.get(name)))).isTrue());
    assertThat(Torch.getRngState().equal(generator)).isTrue();
    assertThat(net.isTraining()).isTrue();
    assertThat(((Module) net.layers().get(0)).isTraining()).isFalse();
    assertThat(((Module) net.layers().get(2)).isTraining()).isTrue();
  }

  @Test
  void countsWhatStandsTwiceOnceAndTakesWholeNumbers() {
    Linear shared = new Linear(4, 4);
    Sequential net =
        new Sequential(new Embedding(10, 4), shared, new ReLU(), shared, new GRU(4, 3));
    assertThat(net.summary(Tensor.of(new long[] {1, 2, 3}, 3, 1)))
        .contains("Input shape: 3 x 1)", "GRU                                       81")
        .contains("Total params: " + (40 + 20 + 81));
  }

  @Test
  void loadsWhatFitsAndTellsTheRest() {
    Sequential from = new Sequential(new Linear(2, 3), new ReLU());
    Sequential to = new Sequential(new Linear(2, 3), new Linear(3, 1));
    Map<String, Tensor> state = new LinkedHashMap<>(from.stateDict());
    state.put("9.weight", Tensor.ones(1));
    Module.Incompatible left = to.loadStateDict(state, false);
    assertThat(left.missing()).containsExactly("1.weight", "1.bias");
    assertThat(left.unexpected()).containsExactly("9.weight");
    assertThat(to.parameters().get(0).equal(from.parameters().get(0))).isTrue();
    state.put("0.weight", Tensor.ones(3, 5));
    assertThatThrownBy(() -> to.loadStateDict(state, false))
        .hasMessageContaining("'0.weight' is [3, 2] here, [3, 5] there");
  }
}
