package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Expected texts are PyTorch's own, from {@code print(t)}. */
class TensorPrinterTest {
  @Test
  void printsAScalar() {
    assertThat(Tensor.scalar(2.5)).hasToString("tensor(2.5000)");
  }

  @Test
  void printsWholeFloatsWithAPoint() {
    assertThat(Tensor.of(new float[] {1, 2, 3})).hasToString("tensor([1., 2., 3.])");
  }

  @Test
  void linesUpColumnsOfAMatrix() {
    assertThat(Tensor.of(new float[][] {{1.5f, -22.25f}, {3, 4}}))
        .hasToString("tensor([[  1.5000, -22.2500],\n        [  3.0000,   4.0000]])");
  }

  @Test
  void namesTheDtypeWhereItIsNotTheUsual() {
    assertThat(Tensor.of(new byte[] {0, -1})).hasToString("tensor([  0, 255], dtype=torch.uint8)");
    assertThat(Tensor.arange(3)).hasToString("tensor([0, 1, 2])");
    assertThat(Tensor.arange(3).gt(0)).hasToString("tensor([False,  True,  True])");
  }

  @Test
  void cutsTheMiddleOfLongAxes() {
    assertThat(Tensor.arange(1001))
        .hasToString("tensor([   0,    1,    2,  ...,  998,  999, 1000])");
  }

  @Test
  void tellsThatAGradientIsWanted() {
    Tensor x = Tensor.ones(2).requiresGrad_();
    assertThat(x).hasToString("tensor([1., 1.], requires_grad=True)");
    assertThat(x.mul(2)).hasToString("tensor([2., 2.], grad_fn=<MulBackward0>)");
  }

  @Test
  void changesToPowersOfTenForWideRanges() {
    assertThat(Tensor.of(new float[] {1e-5f, 1000}))
        .hasToString("tensor([1.0000e-05, 1.0000e+03])");
  }

  @Test
  void breaksLinesAtEightyColumns() {
    assertThat(Tensor.arange(0, 12, 1.0).div(7))
        .hasToString(
            "tensor([0.0000, 0.1429, 0.2857, 0.4286, 0.5714, 0.7143, 0.8571, 1.0000, 1.1429,"
                + " 1.2857,\n        1.4286, 1.5714])");
  }
}
