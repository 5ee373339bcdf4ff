package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import org.junit.jupiter.api.Test;

class TorchTest {
  @Test
  void drawsTheSameNumbersAfterTheSameSeed() {
    Torch.manualSeed(7);
    Tensor first = Tensor.randn(5);
    Torch.manualSeed(7);
    assertThat(Tensor.randn(5)).isCloseTo(first, 0, 0);
  }

  @Test
  void goesOnFromAStateThatWasPutBack() {
    Torch.manualSeed(7);
    Tensor.randn(3); // an odd number: a normal pair is half used up
    Tensor state = Torch.getRngState();
    Tensor normal = Tensor.randn(5);
    Tensor order = Tensor.randperm(10);
    Torch.setRngState(state);
    assertThat(Tensor.randn(5)).isCloseTo(normal, 0, 0);
    assertThat(Tensor.randperm(10)).isCloseTo(order, 0, 0);
  }

  @Test
  void refusesAStateThatIsNone() {
    assertThatThrownBy(() -> Torch.setRngState(Tensor.zeros(DType.UINT8, 3)))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith("setRngState:");
  }

  @Test
  void setsTheThreads() {
    int before = Torch.getNumThreads();
    try {
      Torch.setNumThreads(1);
      assertThat(Torch.getNumThreads()).isEqualTo(1);
    } finally {
      Torch.setNumThreads(before);
    }
    assertThatThrownBy(() -> Torch.setNumThreads(0)).hasMessageContaining("use 1 or more");
  }
}
