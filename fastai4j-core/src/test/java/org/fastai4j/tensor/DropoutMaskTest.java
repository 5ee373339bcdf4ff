package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutMaskTest {
  private static final int N = 1_000_001; // not four elements to each draw

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.25, 0.5, 0.9})
  void dropsItsShareAndKeepsTheMean(double p) {
    Torch.manualSeed(1);
    Tensor y = Tensor.ones(N).dropout(p, true);
    double fiveDeviations = 5 * Math.sqrt(p * (1 - p) / N);
    assertThat(share(y.eq(0))).isBetween(p - fiveDeviations, p + fiveDeviations);
    TensorAssert.assertThat(y.max()).isCloseTo(1 / (1 - p));
    assertThat(y.mean().item())
        .isBetween(1 - fiveDeviations / (1 - p), 1 + fiveDeviations / (1 - p));
  }

  @Test
  void drawsTheElementsOfOneDrawApartFromEachOther() {
    Torch.manualSeed(2);
    Tensor kept = Tensor.ones(N).dropout(0.5, true).gt(0).narrow(0, 0, N - 1).view(-1, 4);
    for (int i = 0; i < 4; i++) {
      assertThat(share(kept.select(1, i))).isBetween(0.495, 0.505);
      for (int j = 0; j < i; j++) {
        Tensor both = kept.select(1, i).logicalAnd(kept.select(1, j));
        assertThat(share(both)).isBetween(0.245, 0.255);
      }
    }
  }

  @Test
  void drawsTheSameForOneSeedAndGoesOnWithOther() {
    Torch.manualSeed(3);
    Tensor first = Tensor.ones(10, 7).dropout(0.5, true);
    Tensor second = Tensor.ones(10, 7).dropout(0.5, true);
    assertThat(first.equal(second)).isFalse();
    Torch.manualSeed(3);
    assertThat(Tensor.ones(10, 7).dropout(0.5, true).equal(first)).isTrue();
    assertThat(Tensor.ones(10, 7).dropout(0.5, true).equal(second)).isTrue();
    Torch.manualSeed(3);
    assertThat(DropoutMask.of(Tensor.ones(10, 7), 0.5).equal(first)).as("drawn here").isTrue();
  }

  @Test
  void passesGradientsThroughWhatItKept() {
    Tensor x = Tensor.ones(8, 9).requiresGrad_();
    Tensor y = x.dropout(0.5, true);
    y.sum().backward();
    TensorAssert.assertThat(x.grad()).isCloseTo(y.detach());
  }

  @Test
  void keepsTheDtypeAndLeavesEvaluationAlone() {
    Tensor half = Tensor.ones(5, 5).to(DType.BFLOAT16);
    assertThat(half.dropout(0.5, true).dtype()).isEqualTo(DType.BFLOAT16);
    assertThat(half.dropout(0.5, false).equal(half)).isTrue();
  }

  @Test
  void leavesTheRestToTheEngine() {
    Tensor x = Tensor.ones(4, 3, 2, 2);
    assertThat(DropoutMask.fits(x, 0.5)).isTrue();
    assertThat(DropoutMask.fits(x.channelsLast(), 0.5)).isFalse();
    assertThat(DropoutMask.fits(x, 0.001)).isFalse();
    assertThat(x.channelsLast().dropout(0.5, true).max().item()).isEqualTo(2);
    assertThat(x.dropout(1, true).sum().item()).isZero();
    assertThat(x.dropout(0, true).equal(x)).isTrue();
    assertThatThrownBy(() -> x.dropout(Double.NaN, true)).isInstanceOf(TensorException.class);
    assertThatThrownBy(() -> x.dropout(-0.1, true)).isInstanceOf(TensorException.class);
  }

  private static double share(Tensor of) {
    return of.toFloat().mean().item();
  }
}
