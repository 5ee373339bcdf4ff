package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Loss;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses against PyTorch's and fastai's, with gradients; golden kind {@code losses}. */
class GoldenLossesTest {
  private static final String DECISIONS = "losses/activations_decodes";

  static List<Golden.Case> cases() {
    return Golden.cases("losses").stream().filter(c -> !c.name().equals(DECISIONS)).toList();
  }

  @Test
  void knowsEveryLoss() {
    assertThat(cases()).hasSize(53);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Golden.Case c) {
    Map<String, Tensor> tensors = c.tensors();
    Tensor pred = requireNonNull(tensors.get("in.pred")).requiresGrad_();
    Tensor targ = requireNonNull(tensors.get("in.targ"));
    if (c.outputs().contains("out.grad.targ")) {
      targ.requiresGrad_();
    }
    Tensor loss = LossTable.loss(c, tensors);
    loss.sum().backward();
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("out.loss", loss);
    out.put("out.grad.pred", pred.grad());
    if (targ.hasGrad()) {
      out.put("out.grad.targ", targ.grad());
    }
    assertThat(out.keySet()).containsExactlyInAnyOrderElementsOf(c.outputs());
    out.forEach((name, actual) -> c.check(name, actual, requireNonNull(tensors.get(name), name)));
  }

  @Test
  void activatesAndDecidesAsFastai() {
    Golden.Case c =
        Golden.cases("losses").stream()
            .filter(x -> x.name().equals(DECISIONS))
            .findFirst()
            .orElseThrow();
    Map<String, Tensor> tensors = c.tensors();
    Tensor pred = requireNonNull(tensors.get("in.pred"));
    Loss ce = new CrossEntropyLoss();
    Loss bce = new BCEWithLogitsLoss();
    Map<String, Tensor> out =
        Map.of(
            "out.ce_activation", ce.activation(pred),
            "out.ce_decodes", ce.decodes(ce.activation(pred)),
            "out.bce_activation", bce.activation(pred),
            "out.bce_decodes_0.5", bce.decodes(bce.activation(pred)));
    assertThat(out.keySet()).containsExactlyInAnyOrderElementsOf(c.outputs());
    out.forEach((name, actual) -> c.check(name, actual, requireNonNull(tensors.get(name), name)));
  }
}
