package org.fastai4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.OnnxRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxGraphTest {
  private final Path file;

  OnnxGraphTest(@TempDir Path folder) {
    file = folder.resolve("net.onnx");
  }

  @Test
  void isReadByOnnxRuntimeForAnyBatch() {
    Tensor w = Tensor.randn(3, 4);
    Tensor b = Tensor.randn(3);
    var graph = new OnnxGraph("linear");
    String x = graph.input("input", DType.FLOAT32, "batch", 4);
    String y =
        graph.node(
            "Gemm",
            List.of(x, graph.weight("0.weight", w), graph.weight("0.bias", b)),
            Map.of("transB", 1L));
    graph.output("output", y, DType.FLOAT32, "batch", 3);
    graph.save(file, Map.of("vocab", "[\"3\",\"größer\"]", "seed", "42"));
    for (int n : new int[] {1, 5}) {
      Tensor in = Tensor.randn(n, 4);
      assertThat(OnnxRuntime.run(file, in)).isCloseTo(in.linear(w, b), 1e-5, 1e-5);
    }
    assertThat(OnnxRuntime.metadata(file))
        .containsExactlyInAnyOrderEntriesOf(Map.of("vocab", "[\"3\",\"größer\"]", "seed", "42"));
  }

  @Test
  void writesAttributesOfEveryKind() {
    var graph = new OnnxGraph("attributes");
    String x = graph.input("input", DType.FLOAT32, "batch", 1, 3, 3);
    String leaky = graph.node("LeakyRelu", List.of(x), Map.of("alpha", 0.25));
    String pooled =
        graph.node(
            "MaxPool",
            List.of(leaky),
            Map.of("kernel_shape", new long[] {3, 3}, "auto_pad", "SAME_UPPER", "ceil_mode", 0L));
    graph.output("output", pooled, DType.FLOAT32, "batch", 1, 3, 3);
    graph.save(file, Map.of());
    Tensor in = Tensor.randn(2, 1, 3, 3);
    assertThat(OnnxRuntime.run(file, in))
        .isCloseTo(in.leakyRelu(0.25).maxPool2d(3, 1, 1), 1e-6, 1e-6);
  }

  @Test
  void readsTheElementsOfAViewInItsOrder() {
    Tensor w = Tensor.randn(4, 3).t();
    var graph = new OnnxGraph("view");
    String x = graph.input("input", DType.FLOAT32, 3, 4);
    graph.output(
        "output", graph.node("Add", List.of(x, graph.weight("w", w))), DType.FLOAT32, 3, 4);
    graph.save(file, Map.of());
    assertThat(OnnxRuntime.run(file, Tensor.zeros(3, 4))).isCloseTo(w, 0, 0);
  }

  @Test
  void refusesValuesThatAreNotThereOrThereTwice() {
    var graph = new OnnxGraph("wrong");
    graph.input("x", DType.FLOAT32, 1);
    Tensor w = Tensor.ones(1);
    graph.weight("w", w);
    assertThat(graph.weight("w", w)).isEqualTo("w");
    assertThatThrownBy(() -> graph.node("Relu", List.of("y")))
        .hasMessage("the graph has no value called y");
    assertThatThrownBy(() -> graph.weight("x", w))
        .hasMessage("the graph has a value called x already");
    assertThatThrownBy(() -> graph.weight("w", Tensor.zeros(1)))
        .hasMessage("the graph has another weight called w");
    assertThatThrownBy(() -> graph.node("Relu", List.of("x"), Map.of("axis", 1)))
        .hasMessage(
            "attribute axis is of type Integer; it must be a Long, Double, String or long[]");
  }
}
