package org.fastai4j.nn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;

class ModuleTest {
  private static Sequential net() {
    return new Sequential(
        new Conv2d(1, 2, 3), new BatchNorm2d(2), new ReLU(), new Flatten(), new Linear(8, 3));
  }

  @Test
  void namesParametersAndBuffersByPositionInOrder() {
    assertThat(net().namedParameters().keySet())
        .containsExactly("0.weight", "0.bias", "1.weight", "1.bias", "4.weight", "4.bias");
    assertThat(net().stateDict().keySet())
        .containsExactly(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked",
            "4.weight",
            "4.bias");
    assertThat(net().countParameters()).isEqualTo(18 + 2 + 2 + 2 + 24 + 3);
    assertThat(net().stateDict().values().stream().filter(Tensor::requiresGrad)).hasSize(6);
  }

  @Test
  void takesOverAStateDict() {
    Sequential from = net();
    Sequential to = net();
    to.loadStateDict(from.stateDict());
    from.stateDict()
        .forEach(
            (name, t) ->
                assertThat(requireNonNull(to.stateDict().get(name)).equal(t)).as(name).isTrue());
    assertThat(to.namedParameters().get("4.weight"))
        .isNotSameAs(from.namedParameters().get("4.weight"));
    TensorAssert.assertThat(requireNonNull(to.stateDict().get("1.num_batches_tracked")))
        .hasDType(DType.INT64);
  }

  @Test
  void listsAllThatDoesNotFitAndChangesNothing() {
    Sequential model = net();
    Tensor before = requireNonNull(model.namedParameters().get("0.weight")).detach().copy();
    Map<String, Tensor> state = new LinkedHashMap<>(net().stateDict());
    state.remove("0.bias");
    state.put("4.weight", Tensor.ones(3, 7));
    state.put("5.weight", Tensor.ones(1));
    assertThatThrownBy(() -> model.loadStateDict(state))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("no '0.bias' [2] in the file")
        .hasMessageContaining("'4.weight' is [3, 8] here, [3, 7] there")
        .hasMessageContaining("'5.weight' is not in this model");
    assertThat(requireNonNull(model.namedParameters().get("0.weight")).equal(before)).isTrue();
  }

  @Test
  void switchesItsPartsBetweenTrainingAndEvaluation() {
    Sequential model = new Sequential(new Sequential(new ReLU()), new BatchNorm2d(1));
    List<Boolean> modes = new ArrayList<>();
    model.eval();
    model.apply(m -> modes.add(m.isTraining()));
    assertThat(modes).containsExactly(false, false, false, false);
    model.train();
    model.apply(m -> assertThat(m.isTraining()).isTrue());
  }

  @Test
  void stepsASharedParameterOnce() {
    Linear shared = Linear.withoutBias(1, 1);
    Sequential model = new Sequential(shared, new ReLU(), shared);
    assertThat(model.parameters()).containsExactly(shared.weight());
    assertThat(model.namedParameters()).containsOnlyKeys("0.weight");
    assertThat(model.stateDict()).containsOnlyKeys("0.weight", "2.weight"); // as PyTorch's
    double before = shared.weight().item();
    SGD sgd = new SGD(model.parameters(), 0.5);
    shared.weight().sum().backward();
    sgd.step();
    assertThat(shared.weight().item()).isEqualTo((float) (before - 0.5));
  }

  @Test
  void takesFunctionsAsLayers() {
    Sequential model =
        new Sequential(x -> x.add(1), Tensor::relu, new Linear(2, 1), x -> x.mul(0).add(5));
    TensorAssert.assertThat(model.forward(Tensor.ones(4, 2))).hasShape(4, 1).isCloseTo(5);
    assertThat(model.namedParameters()).containsOnlyKeys("2.weight", "2.bias");
    assertThat(model).hasToString("Sequential(Lambda, Lambda, Linear(in=2, out=1), Lambda)");
  }

  @Test
  void tellsItsSizes() {
    assertThat(net())
        .hasToString(
            "Sequential(Conv2d(in=1, out=2, kernel=3, stride=1, padding=0), BatchNorm2d(2), ReLU,"
                + " Flatten, Linear(in=8, out=3))");
    assertThat(Linear.withoutBias(2, 3)).hasToString("Linear(in=2, out=3, bias=false)");
  }

  @Test
  void drawsWeightsFromPyTorchsRange() {
    Torch.manualSeed(1);
    Linear linear = new Linear(16, 500);
    assertRange(linear.weight(), 0.25);
    assertRange(linear.bias(), 0.25);
    Conv2d conv = new Conv2d(4, 100, 3);
    assertRange(conv.parameters().get(0), 1.0 / 6);
    assertRange(conv.parameters().get(1), 1.0 / 6);
  }

  private static void assertRange(Tensor t, double bound) {
    double max = t.detach().abs().max().item();
    assertThat(max).isBetween(0.95 * bound, bound);
    assertThat(Math.abs(t.detach().mean().item())).isLessThan(0.2 * bound);
  }

  @Test
  void drawsTheSameWeightsAfterTheSameSeed() {
    Torch.manualSeed(3);
    Linear one = new Linear(5, 4);
    Linear other = new Linear(5, 4);
    Torch.manualSeed(3);
    assertThat(new Linear(5, 4).weight().equal(one.weight())).isTrue();
    assertThat(other.weight().equal(one.weight())).isFalse();
  }

  @Test
  void namesBothShapesWhereALinearLayerDoesNotFit() {
    assertThatThrownBy(() -> new Linear(2, 3).forward(Tensor.ones(1, 3)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("[1, 3]")
        .hasMessageContaining("[3, 2]");
  }

  @Test
  void hasNoBiasWhereThereIsNone() {
    Linear linear = Linear.withoutBias(2, 3);
    assertThat(linear.stateDict()).containsOnlyKeys("weight");
    assertThatThrownBy(linear::bias)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Linear(in=2, out=3, bias=false) has no bias");
  }

  @Test
  void gathersBatchStatisticsInTrainingOnly() {
    BatchNorm2d norm = new BatchNorm2d(1);
    Tensor x = Tensor.of(new float[] {1, 3, 5, 7}, 1, 1, 2, 2);
    norm.eval();
    norm.forward(x);
    assertThat(requireNonNull(norm.stateDict().get("running_mean")).item()).isZero();
    norm.train();
    norm.forward(x);
    assertThat(requireNonNull(norm.stateDict().get("running_mean")).item()).isEqualTo(0.4f);
    assertThat(requireNonNull(norm.stateDict().get("num_batches_tracked")).itemLong()).isEqualTo(1);
  }
}
