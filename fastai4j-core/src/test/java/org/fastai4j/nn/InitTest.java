package org.fastai4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InitTest {
  /** A convolution's weight: 20 · 9 elements go in, 30 · 9 come out. */
  private final Tensor t = Tensor.zeros(30, 20, 3, 3);

  @BeforeEach
  void seed() {
    Torch.manualSeed(3);
  }

  private static void hasStd(Tensor t, double expected) {
    assertThat(t.std().item()).isCloseTo(expected, within(0.03 * expected));
  }

  private static void hasBound(Tensor t, double expected) {
    assertThat(t.abs().max().item()).isBetween(0.99 * expected, expected * (1 + 1e-6));
  }

  @Test
  void drawsByTheFans() {
    hasStd(Init.kaimingNormal_(t), Math.sqrt(2.0 / 180));
    hasStd(Init.kaimingNormal_(t, 0, "fan_out", "relu"), Math.sqrt(2.0 / 270));
    hasStd(Init.kaimingNormal_(t, Math.sqrt(5), "fan_in", "leaky_relu"), Math.sqrt(1.0 / 540));
    hasBound(Init.kaimingUniform_(t), Math.sqrt(6.0 / 180));
    hasBound(Init.kaimingUniform_(t, 0, "fan_out", "linear"), Math.sqrt(3.0 / 270));
    hasStd(Init.xavierNormal_(t), Math.sqrt(2.0 / 450));
    hasStd(Init.xavierNormal_(t, 2), 2 * Math.sqrt(2.0 / 450));
    hasBound(Init.xavierUniform_(t), Math.sqrt(6.0 / 450));
    hasBound(Init.uniform_(t, -0.5, 0.25), 0.5);
    TensorAssert.assertThat(Init.constant_(t, 7)).isCloseTo(7);
  }

  @Test
  void knowsTheGains() {
    assertThat(Init.calculateGain("tanh", 0)).isEqualTo(5.0 / 3);
    assertThat(Init.calculateGain("leaky_relu", 0.01)).isEqualTo(Math.sqrt(2 / 1.0001));
    assertThatThrownBy(() -> Init.calculateGain("gelu", 0)).hasMessageContaining("'gelu'");
  }

  @Test
  void setsAHeadsWeightsAndBiasesButNoNormalization() {
    Sequential head = new Sequential(new BatchNorm1d(8), new Linear(8, 4));
    head.parameters().forEach(p -> Init.constant_(p, 5));
    Init.applyInit(head, w -> Init.constant_(w, 1));
    assertThat(head.parameters().stream().mapToDouble(p -> p.mean().item()))
        .containsExactly(5.0, 5.0, 1.0, 0.0);
    assertThat(head.parameters()).allMatch(Tensor::requiresGrad).allMatch(Tensor::isLeaf);
  }

  @Test
  void refusesAVectorWhichHasNoFan() {
    assertThatThrownBy(() -> Init.kaimingNormal_(Tensor.zeros(3)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("a weight [3] has no fan");
  }
}
