package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.bytedeco.pytorch.global.torch;
import org.fastai4j.testkit.TensorAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NarrowProductTest {
  @ParameterizedTest
  @CsvSource({
    "256, 784, 30, 8",
    "246, 784, 30, 6",
    "1024, 784, 30, 32",
    "256, 8192, 1, 4",
    "6, 5, 3, 2"
  })
  void givesTheProductAndTheGradientsOfAPlainOne(long rows, long in, long out, long blocks) {
    Torch.withNumThreads(1, () -> givesThoseOfAPlainOne(rows, in, out, blocks));
  }

  private static void givesThoseOfAPlainOne(long rows, long in, long out, long blocks) {
    Torch.manualSeed(rows);
    Tensor x = Tensor.randn(rows, in);
    Tensor weight = Tensor.randn(out, in).requiresGrad_();
    Tensor bias = Tensor.randn(out).requiresGrad_();
    Tensor plainWeight = weight.detach().copy().requiresGrad_();
    Tensor plainBias = bias.detach().copy().requiresGrad_();
    Tensor outer = Tensor.randn(rows, out);

    Tensor product = Tensor.own(NarrowProduct.linear(x.h(), weight.h(), bias.h(), blocks));
    Tensor plain = x.mm(plainWeight.t()).add(plainBias);
    product.mul(outer).sum().backward();
    plain.mul(outer).sum().backward();

    TensorAssert.assertThat(product).isCloseTo(plain, 1e-4, 1e-3);
    assertThat(product.isContiguous()).isTrue();
    TensorAssert.assertThat(weight.grad()).isCloseTo(plainWeight.grad(), 1e-4, 1e-3);
    TensorAssert.assertThat(bias.grad()).isCloseTo(plainBias.grad(), 1e-4, 1e-3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3})
  void givesATensorOfItsOwn(long out) {
    Tensor weight = Tensor.randn(out, 5);
    Tensor product =
        Autograd.noGrad(
            () ->
                Tensor.own(
                    NarrowProduct.linear(
                        Tensor.randn(6, 5).h(), weight.h(), Tensor.zeros(out).h(), 2)));
    product.mul_(Tensor.ones(out).requiresGrad_()); // refused for a view made without gradients
    assertThat(product.requiresGrad()).isTrue();
  }

  @Test
  void takesRowsInEqualBlocksOfUpToAMillionMultiplications() {
    assumeTrue(
        NarrowProduct.pays(
            torch.get_cpu_capability().getString(), System.getenv("OPENBLAS_CORETYPE")));
    assertThat(blocks(Tensor.zeros(256, 784), 30)).isEqualTo(8);
    assertThat(blocks(Tensor.zeros(108, 784), 30)).isEqualTo(3);
    assertThat(blocks(Tensor.zeros(256, 784), 10)).as("fewer columns out").isEqualTo(4);
    assertThat(blocks(Tensor.zeros(192, 784), 39)).as("results of up to 1200").isEqualTo(8);
    assertThat(blocks(Tensor.zeros(257, 784), 30)).as("a prime number of rows").isEqualTo(1);
    assertThat(blocks(Tensor.zeros(256, 3000), 30)).as("blocks of 8 rows").isEqualTo(1);
    assertThat(blocks(Tensor.zeros(40, 784), 30)).as("small enough").isEqualTo(1);
    assertThat(blocks(Tensor.zeros(256, 784), 65)).as("many columns out").isEqualTo(1);
    assertThat(blocks(Tensor.zeros(4096, 63), 30)).as("few columns in").isEqualTo(1);
    assertThat(blocks(Tensor.zeros(1024, 784), 30)).as("many blocks").isEqualTo(32);
    assertThat(blocks(Tensor.zeros(256, 784), 30, 2)).as("two threads").isEqualTo(1);
    assertThat(blocks(Tensor.zeros(784, 256).t(), 30)).as("not contiguous").isEqualTo(1);
    assertThat(blocks(Tensor.zeros(256, 784).requiresGrad_(), 30))
        .as("a hidden layer")
        .isEqualTo(1);
    assertThat(blocks(Tensor.zeros(DType.FLOAT64, 256, 784), 30)).as("float64").isEqualTo(1);
    assertThat(
            Torch.<Long>withAutocast(
                Device.CPU, DType.BFLOAT16, () -> blocks(Tensor.zeros(256, 784), 30)))
        .as("autocast")
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "AVX512, , true",
    "AVX512, '', true",
    "AVX512_VNNI, SkylakeX, true",
    "AVX512, cooperlake, true",
    "AVX512, Haswell, false",
    "AVX2, , false",
    "AVX2, SkylakeX, false"
  })
  void paysWithKernelsThatDoNotCopy(String capability, @Nullable String coreType, boolean pays) {
    assertThat(NarrowProduct.pays(capability, coreType)).isEqualTo(pays);
  }

  @Test
  void leavesWrongShapesAndTypesToThePlainProduct() {
    Tensor x = Tensor.zeros(256, 784);
    assertThatThrownBy(() -> x.linear(Tensor.zeros(30, 783), Tensor.zeros(30)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("linear")
        .hasMessageContaining("[256, 784]")
        .hasMessageContaining("[30, 783]");
    assertThatThrownBy(() -> x.linear(Tensor.zeros(30, 784), Tensor.zeros(31)))
        .isInstanceOf(TensorException.class);
    assertThatThrownBy(() -> x.linear(Tensor.zeros(DType.FLOAT64, 30, 784), Tensor.zeros(30)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("convert one with to(DType)");
  }

  private static long blocks(Tensor x, long out) {
    return blocks(x, out, 1);
  }

  private static long blocks(Tensor x, long out, int threads) {
    Tensor weight = Tensor.zeros(out, x.size(1));
    return Torch.withNumThreads(
        threads, () -> NarrowProduct.blocks(x.h(), weight.h(), Tensor.zeros(out).h()));
  }
}
