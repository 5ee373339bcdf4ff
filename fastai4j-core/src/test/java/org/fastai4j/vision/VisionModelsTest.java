package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.nn.Layer;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisionModelsTest {
  private static String layers(Sequential head) {
    return String.join(
        " ",
        head.layers().stream()
            .map(l -> l instanceof Module ? l.toString().replace(" ", "") : "lambda")
            .toList());
  }

  @Test
  void putsFastaisHeadOnTheBody() {
    Sequential model = VisionModels.create("resnet18", 2, 3, VisionHead.standard());
    assertThat(model.countParameters()).isEqualTo(11_704_896);
    assertThat(layers((Sequential) model.layers().get(1)))
        .isEqualTo(
            "AdaptiveConcatPool2d(1) Flatten BatchNorm1d(1024) Dropout(p=0.25)"
                + " Linear(in=1024,out=512,bias=false) ReLU BatchNorm1d(512) Dropout(p=0.5)"
                + " Linear(in=512,out=2,bias=false)");
    assertThat(model.stateDict().keySet())
        .contains("0.0.weight", "0.1.running_mean", "0.7.1.bn2.bias", "1.2.weight", "1.8.weight");
    assertThat(model.eval().forward(Tensor.randn(2, 3, 64, 48))).hasShape(2, 2);
  }

  @Test
  void beginsTheHeadAsFastaiDoes() {
    Torch.manualSeed(42);
    Map<String, Tensor> state = VisionHead.standard().create(512, 10).stateDict();
    assertThat(requireNonNull(state.get("4.weight")).std().item()).isCloseTo(.0442, within(1e-3));
    assertThat(requireNonNull(state.get("8.weight")).std().item()).isCloseTo(.0625, within(3e-3));
    assertThat(requireNonNull(state.get("2.weight"))).isCloseTo(Tensor.ones(1024), 0, 0);
    assertThat(requireNonNull(state.get("2.bias"))).isCloseTo(Tensor.full(1e-3, 1024), 0, 1e-9);
    assertThat(requireNonNull(state.get("6.bias"))).isCloseTo(Tensor.full(1e-3, 512), 0, 1e-9);
  }

  @Test
  void takesTheOptionsOfFastaisHead() {
    assertThat(layers(VisionHead.standard().withHidden(256, 128).withDropout(.4).create(8, 3)))
        .isEqualTo(
            "AdaptiveConcatPool2d(1) Flatten BatchNorm1d(16) Dropout(p=0.2)"
                + " Linear(in=16,out=256,bias=false) ReLU BatchNorm1d(256) Dropout(p=0.2)"
                + " Linear(in=256,out=128,bias=false) ReLU BatchNorm1d(128) Dropout(p=0.4)"
                + " Linear(in=128,out=3,bias=false)");
    assertThat(layers(VisionHead.standard().withoutConcatPool().withoutFirstNorm().create(8, 3)))
        .isEqualTo(
            "AdaptiveAvgPool2d(1) Flatten Dropout(p=0.25) Linear(in=8,out=512) ReLU"
                + " BatchNorm1d(512) Dropout(p=0.5) Linear(in=512,out=3,bias=false)");
    assertThat(layers(VisionHead.standard().withLinearFirst().withHidden(4).create(8, 3)))
        .isEqualTo(
            "AdaptiveConcatPool2d(1) Flatten Dropout(p=0.25) Linear(in=16,out=4,bias=false) ReLU"
                + " BatchNorm1d(4) Dropout(p=0.5) Linear(in=4,out=3)");
    assertThat(
            layers(VisionHead.standard().withHidden().withDropout(0).withFinalNorm().create(8, 3)))
        .isEqualTo(
            "AdaptiveConcatPool2d(1) Flatten BatchNorm1d(16) Linear(in=16,out=3,bias=false)"
                + " BatchNorm1d(3, momentum=0.01)".replace(" m", "m"));
    Tensor ranged =
        VisionHead.standard().withRange(2, 5).create(8, 1).forward(Tensor.randn(50, 8, 1, 1));
    assertThat(ranged.min().item()).isBetween(2.0, 3.5);
    assertThat(ranged.max().item()).isBetween(3.5, 5.0);
    assertThatThrownBy(() -> VisionHead.standard().withDropout(.1, .2, .3).create(8, 3))
        .hasMessage("the head has 2 linear layers, but 3 dropout probabilities; give one or 2");
  }

  @Test
  void splitsTheParametersAsFastaiDoes() {
    Sequential model = VisionModels.create("resnet18", 2, 3, VisionHead.standard());
    List<List<Tensor>> groups = VisionModels.splitter("resnet18", model);
    assertThat(groups.stream().map(List::size)).containsExactly(30, 30, 6);
    assertThat(groups.stream().map(g -> g.stream().mapToLong(Tensor::numel).sum()))
        .containsExactly(683_072L, 10_493_440L, 528_384L);
    assertThatThrownBy(() -> VisionModels.splitter("resnet18", new Sequential(model)))
        .hasMessage("the model of resnet18 is no body with a head");
  }

  @ParameterizedTest
  @CsvSource({"resnet18, 6, 512", "resnet50, 6, 2048", "xresnet18, 3, 512", "xresnet50, 3, 2048"})
  void cutsEveryNetBeforeItsLastLayers(String arch, int first, int features) {
    Sequential body = VisionModels.createBody(arch, 3);
    assertThat(body.layers()).hasSize(8);
    assertThat(body.eval().forward(Tensor.randn(1, 3, 64, 96))).hasShape(1, features, 2, 3);
    Sequential model = new Sequential(body, VisionHead.standard().create(features, 2));
    List<List<Tensor>> groups = VisionModels.splitter(arch, model);
    Sequential slow = new Sequential(body.layers().subList(0, first).toArray(Layer[]::new));
    assertThat(groups.get(0)).isEqualTo(slow.parameters());
    assertThat(groups.stream().mapToLong(g -> g.stream().mapToLong(Tensor::numel).sum()).sum())
        .isEqualTo(model.countParameters());
  }

  @Test
  void drawsANewFirstLayerForOtherChannels() {
    Torch.manualSeed(42);
    Tensor first = VisionModels.createBody("resnet18", 1).parameters().get(0);
    assertThat(first).hasShape(64, 1, 7, 7);
    assertThat(first.abs().max().item()).isCloseTo(1.0 / 7, within(1e-3));
    assertThat(first.requiresGrad()).isTrue();
  }

  @Test
  void adaptsTrainedWeightsToTheChannels() {
    Map<String, Tensor> weights = new LinkedHashMap<>(Models.create("resnet18", 1000).stateDict());
    weights.keySet().removeIf(name -> name.endsWith("num_batches_tracked")); // of PyTorch 0.4
    Tensor rgb = requireNonNull(weights.get("conv1.weight")).detach();
    Tensor one = first("resnet18", 1, weights);
    assertThat(one).isCloseTo(rgb.sumKeepDim(1), 1e-6, 1e-7);
    assertThat(first("resnet18", 2, weights)).isCloseTo(rgb.narrow(1, 0, 2).mul(1.5), 1e-6, 1e-7);
    assertThat(first("resnet18", 3, weights)).isCloseTo(rgb, 0, 0);
    Tensor five = first("resnet18", 5, weights);
    assertThat(five.narrow(1, 0, 3)).isCloseTo(rgb, 0, 0);
    assertThat(five.narrow(1, 3, 2)).isCloseTo(Tensor.zeros(64, 2, 7, 7), 0, 0);
    Tensor late =
        requireNonNull(
            VisionModels.pretrainedBody("resnet18", 1, weights)
                .stateDict()
                .get("7.1.conv2.weight"));
    assertThat(late).isCloseTo(requireNonNull(weights.get("layer4.1.conv2.weight")), 0, 0);
  }

  private static Tensor first(String arch, int channels, Map<String, Tensor> weights) {
    return VisionModels.pretrainedBody(arch, channels, weights).parameters().get(0).detach();
  }

  @Test
  void refusesNetsWithoutABody() {
    assertThatThrownBy(() -> VisionModels.createBody("simple_net", 3))
        .isInstanceOf(TensorException.class)
        .hasMessage("'simple_net' has no body to put a head on; the resnets and xresnets have");
  }

  @Test
  void computesTheSameWithTheChannelsLast() {
    Module net = Models.create("resnet18", 3).eval();
    Tensor x = Tensor.randn(2, 3, 48, 48);
    Tensor last = x.channelsLast();
    assertThat(last).isCloseTo(x, 0, 0).hasShape(2, 3, 48, 48);
    assertThat(last.isContiguous()).isFalse();
    assertThat(net.forward(last)).isCloseTo(net.forward(x), 1e-4, 1e-4);
  }
}
