package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorErrorsTest {
  @Test
  void namesBothShapesAndTheMend() {
    assertThatThrownBy(() -> Tensor.ones(2, 3).matmul(Tensor.ones(2, 3)))
        .isInstanceOf(TensorException.class)
        .hasMessage(
            "matmul: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3); it was given [2, 3]"
                + " float32 and [2, 3] float32; the inner sizes must agree; view(-1, n) or t() the"
                + " one");
  }

  @Test
  void namesTheDtypeThatDoesNotFit() {
    assertThatThrownBy(() -> Tensor.of(new byte[] {1, 2}).mean())
        .hasMessageContaining("mean: ")
        .hasMessageContaining("[2] uint8")
        .hasMessageEndingWith("call toFloat() first");
  }

  @Test
  void asksForBackwardBeforeGrad() {
    assertThatThrownBy(() -> Tensor.ones(2).requiresGrad_().grad())
        .hasMessage("grad: no gradient: call backward() first");
  }

  @Test
  void saysHowToUpdateALeaf() {
    assertThatThrownBy(() -> Tensor.ones(2).requiresGrad_().sub_(1))
        .hasMessageContaining("Autograd.noGrad");
  }

  @Test
  void refusesRowsOfDifferentLengths() {
    assertThatThrownBy(() -> Tensor.of(new int[][] {{1, 2}, {3}}))
        .hasMessageContaining("rows of axis 1 differ in length: 2 and 1");
  }

  @Test
  void refusesADeviceThatIsNotThere() {
    org.assertj.core.api.Assumptions.assumeThat(Device.cuda(0).isAvailable()).isFalse();
    assertThatThrownBy(() -> Tensor.ones(2).to(Device.cuda(0)))
        .hasMessageContaining("cuda:0 is not available");
  }

  @Test
  void refusesItemOfManyElements() {
    assertThatThrownBy(() -> Tensor.ones(2).item()).hasMessageContaining("has 2 elements");
  }
}
