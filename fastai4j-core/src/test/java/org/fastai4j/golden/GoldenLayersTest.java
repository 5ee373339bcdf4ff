package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.nn.Module;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers against PyTorch's: outputs, gradients and buffers; golden kind {@code layers}. */
class GoldenLayersTest {
  static List<Golden.Case> cases() {
    return Golden.cases("layers");
  }

  @Test
  void knowsEveryLayer() {
    assertThat(cases()).hasSize(55);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Golden.Case c) {
    Map<String, Tensor> tensors = c.tensors();
    Module layer =
        LayerTable.layer(c.params().get("layer").getAsString(), c.params().getAsJsonObject("args"));
    layer.loadStateDict(state(tensors));
    if (c.params().get("mode").getAsString().equals("eval")) {
      layer.eval();
    }
    Map<String, Tensor> out = new LinkedHashMap<>();
    int forwards = c.params().get("forwards").getAsInt();
    for (int i = 0; i < forwards; i++) {
      String suffix = forwards == 1 ? "" : "." + i;
      Tensor x = requireNonNull(tensors.get("in.x" + suffix));
      x.requiresGrad_(x.dtype().isFloatingPoint());
      Tensor y = layer.forward(x);
      out.put("out.y" + suffix, y);
      if (i == forwards - 1) {
        layer.parameters().forEach(Tensor::zeroGrad);
        y.mul(requireNonNull(tensors.get("in.gout"))).sum().backward();
        if (x.hasGrad()) {
          out.put("out.grad.x", x.grad());
        }
      }
    }
    layer.namedParameters().forEach((name, p) -> out.put("out.grad." + name, p.grad()));
    layer.stateDict().forEach((name, t) -> out.put("out.buffer." + name, t));
    out.keySet().retainAll(c.outputs());
    assertThat(out.keySet()).containsExactlyInAnyOrderElementsOf(c.outputs());
    out.forEach((name, actual) -> c.check(name, actual, requireNonNull(tensors.get(name), name)));
  }

  private static Map<String, Tensor> state(Map<String, Tensor> tensors) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    tensors.forEach(
        (name, t) -> {
          if (name.startsWith("param.") || name.startsWith("buffer.")) {
            state.put(name.substring(name.indexOf('.') + 1), t);
          }
        });
    return state;
  }
}
