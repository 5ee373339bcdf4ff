package org.fastai4j.nn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MultiheadAttentionTest {
  private static final int EMBED = 6;
  private static final int HEADS = 2;

  @BeforeEach
  void seed() {
    Torch.manualSeed(11);
  }

  /** For one item: {@code [l, embed]} and {@code [s, embed]}; {@code hidden} is {@code [l, s]}. */
  private static Tensor byHand(Map<String, Tensor> w, Tensor q, Tensor kv, Tensor hidden) {
    List<Tensor> weights = requireNonNull(w.get("in_proj_weight")).chunk(3, 0);
    List<Tensor> biases = requireNonNull(w.get("in_proj_bias")).chunk(3, 0);
    List<Tensor> heads = new ArrayList<>();
    long d = EMBED / HEADS;
    for (long h = 0; h < HEADS; h++) {
      Tensor query = q.linear(weights.get(0), biases.get(0)).narrow(1, h * d, d);
      Tensor key = kv.linear(weights.get(1), biases.get(1)).narrow(1, h * d, d);
      Tensor value = kv.linear(weights.get(2), biases.get(2)).narrow(1, h * d, d);
      Tensor scores = query.matmul(key.t()).div(Math.sqrt((double) d));
      heads.add(scores.maskedFill(hidden, -1e9).softmax(1).matmul(value));
    }
    return Tensor.cat(heads, 1)
        .linear(requireNonNull(w.get("out_proj.weight")), requireNonNull(w.get("out_proj.bias")));
  }

  private static MultiheadAttention layer(boolean batchFirst) {
    MultiheadAttention layer = new MultiheadAttention(EMBED, HEADS, 0, batchFirst);
    layer.parameters().forEach(t -> Init.normal_(t, 0, 0.5)); // biases of zero would hide mistakes
    return layer;
  }

  @Test
  void takesMeansOfValuesByTheirKeys() {
    MultiheadAttention layer = layer(true);
    Tensor q = Tensor.randn(3, 4, EMBED);
    Tensor kv = Tensor.randn(3, 5, EMBED);
    Tensor y = layer.attend(q, kv, kv);
    TensorAssert.assertThat(y).hasShape(3, 4, EMBED);
    Tensor none = Tensor.zeros(4, 5).gt(0);
    for (int i = 0; i < 3; i++) {
      TensorAssert.assertThat(y.get(i))
          .isCloseTo(byHand(layer.stateDict(), q.get(i), kv.get(i), none), 1e-4, 1e-5);
    }
  }

  @Test
  void hidesWhatComesLaterAndPadding() {
    MultiheadAttention layer = layer(true);
    Tensor x = Tensor.randn(2, 4, EMBED);
    Tensor padding =
        Tensor.of(new boolean[] {false, false, true, true, false, false, false, false}, 2, 4);
    Tensor causal = MultiheadAttention.causalMask(4);
    Tensor y = layer.attend(x, x, x, causal.logicalOr(MultiheadAttention.keyPaddingMask(padding)));
    for (int i = 0; i < 2; i++) {
      Tensor hidden = causal.logicalOr(padding.get(i));
      TensorAssert.assertThat(y.get(i))
          .isCloseTo(byHand(layer.stateDict(), x.get(i), x.get(i), hidden), 1e-4, 1e-5);
    }
  }

  @Test
  void takesTheLengthFirstAsPyTorchDoes() {
    MultiheadAttention first = layer(true);
    MultiheadAttention second = new MultiheadAttention(EMBED, HEADS);
    second.loadStateDict(first.stateDict());
    Tensor x = Tensor.randn(2, 4, EMBED);
    TensorAssert.assertThat(second.forward(x.transpose(0, 1)))
        .isCloseTo(first.forward(x).transpose(0, 1), 1e-5, 1e-6);
  }

  @Test
  void namesItsWeightsAsPyTorchAndLearns() {
    MultiheadAttention layer = new MultiheadAttention(EMBED, HEADS);
    assertThat(layer.namedParameters().keySet())
        .containsExactly("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias");
    assertThat(layer.undecayed()).hasSize(2);
    layer.forward(Tensor.randn(4, 2, EMBED)).square().sum().backward();
    assertThat(layer.parameters()).allMatch(Tensor::hasGrad);
    assertThat(layer).hasToString("MultiheadAttention(6, heads=2)");
  }

  @Test
  void saysWhatDoesNotFit() {
    assertThatThrownBy(() -> new MultiheadAttention(6, 4))
        .hasMessage("MultiheadAttention: 6 cannot be shared by 4 heads equally");
    assertThatThrownBy(() -> new MultiheadAttention(6, 2).forward(Tensor.ones(3, 2, 5)))
        .hasMessageContaining("wants [length, n, 6]; it was given [3, 2, 5]");
  }
}
