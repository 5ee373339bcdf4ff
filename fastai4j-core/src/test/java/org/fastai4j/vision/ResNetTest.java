package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.io.Pth;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Module;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResNetTest {
  private static final Golden.Case TINY =
      Golden.cases("models").stream()
          .filter(c -> c.name().equals("models/tiny_resnet18"))
          .findFirst()
          .orElseThrow();

  private static ResNet tiny() {
    ResNet net = new ResNet(false, new int[] {2, 2, 2, 2}, new int[] {8, 16, 32, 64}, 10, 3);
    net.loadStateDict(
        Pth.loadStateDict(TINY.sibling(TINY.params().get("state_pth").getAsString())));
    return net;
  }

  private static void check(Map<String, Tensor> actual, String kind) {
    Map<String, Tensor> tensors = TINY.tensors();
    assertThat(actual.keySet())
        .isEqualTo(new HashSet<>(TINY.outputs().stream().filter(o -> o.startsWith(kind)).toList()));
    actual.forEach((name, t) -> TINY.check(name, t, requireNonNull(tensors.get(name))));
  }

  @Test
  void hasTorchvisionsNamesInItsOrder() {
    List<String> keys = Golden.stream(TINY.params().get("keys")).map(k -> k.getAsString()).toList();
    assertThat(tiny().stateDict().keySet()).containsExactlyElementsOf(keys);
    assertThat(tiny().countParameters()).isEqualTo(TINY.params().get("parameters").getAsLong());
  }

  @Test
  void computesWhatTorchvisionComputes() {
    Module net = tiny().eval();
    Tensor x = requireNonNull(TINY.tensors().get("in.x"));
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("out.eval.logits", net.forward(x));
    Tensor y = x;
    for (Map.Entry<String, Module> child : net.namedChildren().entrySet()) {
      if (child.getKey().equals("avgpool")) {
        break;
      }
      y = child.getValue().forward(y);
      if (child.getKey().equals("maxpool")) {
        out.put("out.eval.stem", everyFourth(everyFourth(y, 2), 3));
      } else if (child.getKey().startsWith("layer")) {
        out.put("out.eval." + child.getKey() + "_mean", y.mean(2, 3));
      }
    }
    check(out, "out.eval.");
  }

  private static Tensor everyFourth(Tensor t, int dim) {
    return t.indexSelect(dim, Tensor.arange(0, t.size(dim), 4));
  }

  @Test
  void learnsAsTorchvisionsDoes() {
    ResNet net = tiny();
    Map<String, Tensor> in = TINY.tensors();
    Tensor logits = net.forward(requireNonNull(in.get("in.x")));
    Tensor loss = Functional.crossEntropy(logits, requireNonNull(in.get("in.y")));
    loss.backward();
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("out.train.logits", logits);
    out.put("out.train.loss", loss);
    net.namedParameters().forEach((name, p) -> out.put("out.train.grad." + name, p.grad()));
    net.stateDict().forEach((name, t) -> out.put("out.train.buffer." + name, t));
    out.keySet().retainAll(TINY.outputs());
    check(out, "out.train.");
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, 11689512",
    "resnet34, 21797672",
    "resnet50, 25557032",
    "resnet101, 44549160",
    "resnet152, 60192808",
    "xresnet18, 11708744",
    "xresnet34, 21816904",
    "xresnet50, 25576264"
  })
  void hasAsManyParametersAsTheOriginal(String name, long parameters) {
    assertThat(Models.create(name, 1000).countParameters()).isEqualTo(parameters);
  }

  @Test
  void takesOtherClassesAndChannels() {
    assertThat(Models.create("xresnet18", 10).countParameters()).isEqualTo(11_200_874);
    for (String name : List.of("resnet18", "xresnet18", "xresnet50")) {
      Module net = Models.create(name, 4, 1).eval();
      assertThat(net.forward(Tensor.randn(2, 1, 45, 33))).hasShape(2, 4); // odd sizes too
    }
  }

  @Test
  void beginsAsTorchvisionDoes() {
    Torch.manualSeed(42);
    Map<String, Tensor> state = Models.create("resnet50", 10).stateDict();
    assertThat(std(state, "conv1.weight")).isCloseTo(Math.sqrt(2.0 / (64 * 49)), within(1e-3));
    assertThat(std(state, "layer4.0.conv2.weight"))
        .isCloseTo(Math.sqrt(2.0 / (512 * 9)), within(1e-4));
    assertThat(requireNonNull(state.get("layer1.0.bn3.weight")).mean().item()).isEqualTo(1);
    assertThat(requireNonNull(state.get("layer1.0.bn3.bias")).norm().item()).isZero();
    assertThat(requireNonNull(state.get("fc.bias")).abs().max().item())
        .isBetween(1e-4, 1 / Math.sqrt(2048));
  }

  @Test
  void beginsAsFastaiDoesInAnXResNet() {
    Torch.manualSeed(42);
    Module net = Models.create("xresnet18", 10);
    Map<String, Tensor> state = net.stateDict();
    assertThat(std(state, "0.0.weight")).isCloseTo(Math.sqrt(2.0 / 27), within(0.02));
    assertThat(std(state, "7.1.convpath.1.0.weight"))
        .isCloseTo(Math.sqrt(2.0 / (512 * 9)), within(1e-4));
    assertThat(std(state, "11.weight")).isCloseTo(Math.sqrt(2.0 / 512), within(3e-3));
    List<Double> norms = new ArrayList<>();
    state.forEach(
        (name, t) -> {
          if (name.endsWith("bias")) {
            norms.add(t.norm().item());
          }
        });
    assertThat(norms).hasSize(23).containsOnly(0.0);
    assertThat(requireNonNull(state.get("4.0.convpath.1.1.weight")).norm().item()).isZero();
    assertThat(requireNonNull(state.get("5.0.idpath.1.1.weight")).mean().item()).isEqualTo(1);
    assertThat(state).doesNotContainKey("4.0.idpath.0.0.weight"); // x itself
  }

  private static double std(Map<String, Tensor> state, String name) {
    return requireNonNull(state.get(name), name).std().item();
  }
}
