package org.fastai4j.nn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;

class LayersTest {
  private static final long[] ONES = {1, 1};

  @Test
  void tellTheirOptions() {
    assertThat(
            List.of(
                new Conv2d(
                    2,
                    4,
                    ConvOptions.kernel(3, 5)
                        .stride(2)
                        .padding(1, 2)
                        .dilation(2)
                        .groups(2)
                        .withoutBias()
                        .paddingMode("reflect")),
                new Conv1d(2, 3, 3),
                new ConvTranspose2d(2, 3, ConvOptions.kernel(3).stride(2).outputPadding(1)),
                new BatchNorm1d(3),
                new BatchNorm2d(
                    3,
                    NormOptions.DEFAULT
                        .withEps(1e-3)
                        .cumulative()
                        .withoutAffine()
                        .withoutRunningStats()),
                new LayerNorm(4, 5),
                new GroupNorm(2, 6),
                new InstanceNorm2d(3),
                new Dropout(0.25),
                new MaxPool2d(3, 2, 1),
                new AvgPool2d(2),
                new AdaptiveAvgPool2d(1),
                new AdaptiveMaxPool2d(2, 3),
                new AdaptiveConcatPool2d(),
                new Embedding(10, 4, 0),
                new LeakyReLU(),
                new GELU("tanh"),
                new Softmax(1),
                new Flatten(0, -1),
                new SigmoidRange(0, 5.5),
                new Lambda("square", Tensor::square),
                new Identity()))
        .extracting(Object::toString)
        .containsExactly(
            "Conv2d(in=2, out=4, kernel=[3, 5], stride=2, padding=[1, 2], dilation=2, groups=2,"
                + " bias=false, paddingMode=reflect)",
            "Conv1d(in=2, out=3, kernel=3, stride=1, padding=0)",
            "ConvTranspose2d(in=2, out=3, kernel=3, stride=2, padding=0, outputPadding=1)",
            "BatchNorm1d(3)",
            "BatchNorm2d(3, eps=0.001, cumulative, affine=false, trackRunningStats=false)",
            "LayerNorm([4, 5])",
            "GroupNorm(2, 6)",
            "InstanceNorm2d(3)",
            "Dropout(p=0.25)",
            "MaxPool2d(kernel=3, stride=2, padding=1)",
            "AvgPool2d(kernel=2, stride=2, padding=0)",
            "AdaptiveAvgPool2d(1)",
            "AdaptiveMaxPool2d(2, 3)",
            "AdaptiveConcatPool2d(1)",
            "Embedding(10, 4, paddingIdx=0)",
            "LeakyReLU(negativeSlope=0.01)",
            "GELU(approximate=tanh)",
            "Softmax(dim=1)",
            "Flatten(0, -1)",
            "SigmoidRange(0.0, 5.5)",
            "square",
            "Identity");
  }

  @Test
  void keepTheChannelsLastOfImagesOfOneChannel() {
    Conv2d conv = new Conv2d(1, 8, 3, 2, 1);
    Tensor plain = Tensor.randn(4, 1, 28, 27);
    Tensor x = plain.channelsLast();
    assertThat(x.stride()).containsExactly(28 * 27, 1, 27, 1);
    assertThat(x.channelsLast()).isSameAs(x);
    plain.mul_(2); // on the same memory
    TensorAssert.assertThat(x).isCloseTo(plain, 0, 0);

    Tensor y = conv.forward(x);
    assertThat(y.stride()).containsExactly(14 * 14 * 8, 1, 14 * 8, 8);
    TensorAssert.assertThat(y).isCloseTo(conv.forward(plain), 1e-5, 1e-6);
  }

  @Test
  void convolveSmallImagesAsTheWholeKernelDoes() {
    for (int size = 1; size <= 4; size++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int padding = 0; padding <= 3; padding++) {
          for (boolean channelsLast : new boolean[] {false, true}) {
            if (size + 2 * padding >= 3) {
              convolvesAsTheWholeKernelDoes(2, size, stride, padding, channelsLast);
              convolvesAsTheWholeKernelDoes(64, size, stride, padding, channelsLast);
            }
          }
        }
      }
    }
  }

  private static void convolvesAsTheWholeKernelDoes(
      int channels, int size, int stride, int padding, boolean channelsLast) {
    Conv2d conv = new Conv2d(channels, channels + 1, 3, stride, padding);
    if (channelsLast) {
      conv.weight().setData_(conv.weight().detach().channelsLast());
    }
    Tensor x = Tensor.randn(2, channels, size, size + 1);
    Tensor whole = conv.weight().detach().copy().requiresGrad_();
    long[] both = {stride, stride};
    Tensor expected =
        x.conv2d(whole, conv.bias().detach(), both, new long[] {padding, padding}, ONES, 1);

    Tensor actual = conv.forward(x);
    TensorAssert.assertThat(actual).isCloseTo(expected, 1e-5, 1e-5);

    Tensor upstream = Tensor.randn(expected.shape().toArray());
    expected.mul(upstream).sum().backward();
    actual.mul(upstream).sum().backward();
    TensorAssert.assertThat(conv.weight().grad()).isCloseTo(whole.grad(), 1e-5, 1e-5);
  }

  /** Windows that all see the whole image, and single pixels, are products of matrices then. */
  @Test
  void convolveSmallImagesInHalfPrecisionAsTheEngineDoes() {
    long[][] images = {{1, 2}, {2, 1}, {2, 2}};
    for (long[] image : images) {
      for (int kernel = 3; kernel <= 5; kernel += 2) {
        convolvesAsTheEngineDoes(image, ConvOptions.kernel(kernel).padding(kernel / 2));
      }
    }
    convolvesAsTheEngineDoes(new long[] {3, 5}, ConvOptions.kernel(3).padding(1));
    convolvesAsTheEngineDoes(new long[] {4, 3}, ConvOptions.kernel(3).padding(1).stride(2));
    convolvesAsTheEngineDoes(new long[] {5, 3}, ConvOptions.kernel(3).stride(2, 1));
    convolvesAsTheEngineDoes(new long[] {3, 5}, ConvOptions.kernel(2, 3).padding(0, 1).stride(3));
    convolvesAsTheEngineDoes(new long[] {6, 7}, ConvOptions.kernel(5).padding(2).stride(4));
    convolvesAsTheEngineDoes(new long[] {4, 7}, ConvOptions.kernel(1).stride(2));
    convolvesAsTheEngineDoes(new long[] {7, 4}, ConvOptions.kernel(1).stride(1, 3));
    convolvesAsTheEngineDoes(new long[] {2, 2}, ConvOptions.kernel(1).stride(2));
    convolvesAsTheEngineDoes(new long[] {2, 2}, ConvOptions.kernel(1).stride(2).padding(1));
  }

  private static void convolvesAsTheEngineDoes(long[] image, ConvOptions options) {
    for (boolean channelsLast : new boolean[] {false, true}) {
      Conv2d conv = new Conv2d(64, 65, options);
      if (channelsLast) {
        conv.weight().setData_(conv.weight().detach().channelsLast());
      }
      Tensor whole = conv.weight().detach().copy().requiresGrad_();
      Tensor bias = conv.bias().detach().copy().requiresGrad_();
      Tensor x = Tensor.randn(32, 64, image[0], image[1]).to(DType.BFLOAT16);
      Tensor exact = x.toFloat().requiresGrad_();
      Tensor in = (channelsLast ? x.channelsLast() : x).requiresGrad_();
      long[] padding = conv.zeroPadding();
      Tensor expected = exact.conv2d(whole, bias, conv.options.stride, padding, ONES, 1);

      Tensor actual = Torch.withAutocast(Device.CPU, DType.BFLOAT16, () -> conv.forward(in));
      assertThat(actual.dtype()).isEqualTo(DType.BFLOAT16);
      TensorAssert.assertThat(actual.toFloat()).isCloseTo(expected, 0.02, 0.02);

      Tensor upstream = Tensor.randn(expected.shape().toArray());
      expected.mul(upstream).sum().backward();
      actual.mul(upstream).sum().backward();
      TensorAssert.assertThat(in.grad().toFloat()).isCloseTo(exact.grad(), 0.03, 0.03);
      TensorAssert.assertThat(conv.weight().grad()).isCloseTo(whole.grad(), 0.03, 0.3);
      TensorAssert.assertThat(conv.bias().grad()).isCloseTo(bias.grad(), 0.03, 0.3);
    }
  }

  @Test
  void multiplyMatricesWhereThatPays() {
    ConvOptions three = ConvOptions.kernel(3).padding(1);
    assertThat(path(2, 1, DType.FLOAT32, three)).contains("ViewBackward");
    assertThat(path(64, 1, DType.BFLOAT16, three)).contains("ViewBackward");
    assertThat(path(64, 2, DType.BFLOAT16, three)).contains("CloneBackward");
    assertThat(path(64, 4, DType.BFLOAT16, ConvOptions.kernel(1).stride(2)))
        .contains("PermuteBackward");
    ConvOptions half = ConvOptions.kernel(3).padding(1).stride(2);
    assertThat(path(64, 4, DType.BFLOAT16, half)).contains("PermuteBackward");
    assertThat(path(64, 5, DType.BFLOAT16, half)).as("9").contains("ConvolutionBackward");
    assertThat(path(64, 4, DType.FLOAT32, half)).contains("ConvolutionBackward");
    assertThat(path(64, 2, DType.FLOAT32, three)).contains("ConvolutionBackward");
    assertThat(path(64, 3, DType.BFLOAT16, three)).contains("ConvolutionBackward");
    assertThat(path(63, 2, DType.BFLOAT16, three)).contains("ConvolutionBackward");
  }

  @Test
  void learnByThePartOfAKernelThatMeetsTheImage() {
    for (boolean channelsLast : new boolean[] {false, true}) {
      for (long channels : new long[] {32, 64}) {
        Conv2d conv = new Conv2d((int) channels, (int) channels, 3, 1, 1);
        if (channelsLast) {
          conv.weight().setData_(conv.weight().detach().channelsLast());
        }
        conv.forward(Tensor.randn(4, channels, 1, 1)).sum().backward();
        assertThat(conv.weight().partWithGrad().isPresent()).isEqualTo(channels == 64);
        conv.weight().zeroGrad();
        conv.forward(Tensor.randn(4, channels, 3, 3)).sum().backward();
        assertThat(conv.weight().partWithGrad()).as("all of it met an image").isEmpty();
      }
    }
  }

  private static String path(int channels, int side, DType dtype, ConvOptions options) {
    Conv2d conv = new Conv2d(channels, channels + 1, options);
    conv.weight().setData_(conv.weight().detach().channelsLast());
    Tensor x = Tensor.randn(32, channels, side, side).channelsLast().to(dtype);
    boolean half = dtype == DType.BFLOAT16;
    return (half ? Torch.withAutocast(Device.CPU, dtype, () -> conv.forward(x)) : conv.forward(x))
        .toString();
  }

  @Test
  void convolveSmallImagesOfAnyNumberIntoTensorsOfTheirOwn() {
    long[][] sizes = {{0, 1}, {1, 1}, {32, 1}, {0, 2}, {1, 2}, {32, 2}, {0, 4}, {1, 4}, {32, 4}};
    ConvOptions[] options = {
      ConvOptions.kernel(3).padding(1),
      ConvOptions.kernel(1).stride(2),
      ConvOptions.kernel(3).padding(1).stride(2)
    };
    for (long[] size : sizes) {
      for (ConvOptions o : options) {
        Conv2d conv = new Conv2d(64, 65, o);
        conv.weight().setData_(conv.weight().detach().channelsLast());
        Tensor x = Tensor.randn(size[0], 64, size[1], size[1]).channelsLast();
        Tensor half = x.to(DType.BFLOAT16);
        Tensor y =
            Autograd.noGrad(
                () -> Torch.withAutocast(Device.CPU, DType.BFLOAT16, () -> conv.forward(half)));
        long side = o == options[0] ? size[1] : (size[1] + 1) / 2;
        TensorAssert.assertThat(y).hasShape(size[0], 65, side, side);
        y.mul_(Tensor.ones(1).to(DType.BFLOAT16).requiresGrad_()); // refused for a view
        assertThat(y.requiresGrad()).isTrue();
      }
    }
  }

  @Test
  void reportMistakesOverSmallImagesAsOverOthers() {
    Conv2d conv = new Conv2d(64, 64, ConvOptions.kernel(3).padding(1).withoutBias());
    conv.weight().setData_(conv.weight().detach().channelsLast());
    for (long side : new long[] {1, 2, 5}) {
      for (DType wrong : new DType[] {DType.INT64, DType.FLOAT64, DType.BFLOAT16}) {
        Tensor x = Tensor.ones(32, 64, side, side).to(wrong);
        assertThatThrownBy(() -> conv.forward(x))
            .as("%s %s", side, wrong)
            .isInstanceOf(TensorException.class)
            .hasMessageContaining("conv2d");
      }
      assertThatThrownBy(() -> conv.forward(Tensor.ones(32, 32, side, side)))
          .hasMessageContaining("conv2d")
          .hasMessageContaining("64 channels");
    }
  }

  @Test
  void takeStridePaddingAndTheRestAsOptions() {
    Conv2d stem = new Conv2d(3, 64, ConvOptions.kernel(7).stride(2).padding(3).withoutBias());
    TensorAssert.assertThat(stem.call(Tensor.zeros(1, 3, 32, 32))).hasShape(1, 64, 16, 16);
    assertThat(stem.parameters()).hasSize(1);
    assertThatThrownBy(stem::bias).hasMessageContaining("has no bias");
    ConvOptions shared = ConvOptions.kernel(3);
    shared.stride(2);
    assertThatThrownBy(() -> new Conv2d(1, 1, 2, 2, 0).forward(Tensor.ones(1, 1, 1, 1)))
        .hasMessageContaining("Kernel size can't be greater than actual input size");
    assertThat(new Conv1d(1, 1, shared))
        .hasToString("Conv1d(in=1, out=1, kernel=3, stride=1, padding=0)");
  }

  @Test
  void activateAsTheirFormulasSay() {
    Tensor x = Tensor.of(new float[] {-4, -1, 0, 0.5f, 2}, 1, 5);
    TensorAssert.assertThat(new LeakyReLU().forward(x))
        .isCloseTo(Tensor.where(x.gt(0), x, x.mul(0.01)));
    TensorAssert.assertThat(new ELU().forward(x)).isCloseTo(x.elu());
    TensorAssert.assertThat(new GELU().forward(x)).isCloseTo(x.gelu());
    TensorAssert.assertThat(new GELU("tanh").forward(x)).isCloseTo(x.geluTanh());
    TensorAssert.assertThat(new SiLU().forward(x)).isCloseTo(x.mul(x.sigmoid()));
    TensorAssert.assertThat(new Mish().forward(x))
        .isCloseTo(x.mul(x.softplus().tanh()), 1e-5, 1e-6);
    TensorAssert.assertThat(new Hardswish().forward(x))
        .isCloseTo(x.mul(x.add(3).clamp(0, 6)).div(6), 1e-5, 1e-6);
    TensorAssert.assertThat(new Softplus().forward(x)).isCloseTo(x.exp().add(1).log(), 1e-5, 1e-6);
    TensorAssert.assertThat(new Sigmoid().forward(x)).isCloseTo(x.neg().exp().add(1).reciprocal());
    TensorAssert.assertThat(new Tanh().forward(x)).isCloseTo(x.tanh());
    TensorAssert.assertThat(new Softmax(1).forward(x).sum()).isCloseTo(1);
    TensorAssert.assertThat(new LogSoftmax(-1).forward(x).exp())
        .isCloseTo(new Softmax(1).forward(x), 1e-5, 1e-6);
  }

  @Test
  void rectifyInPlaceWithTheSameGradient() {
    Tensor weight = Tensor.of(new float[] {-2, 0, 3}).requiresGrad_();
    Tensor y = weight.mul(2);
    assertThat(ReLU.inPlace().forward(y)).isSameAs(y);
    TensorAssert.assertThat(y).isCloseTo(Tensor.of(new float[] {0, 0, 6}));
    y.sum().backward();
    TensorAssert.assertThat(weight.grad()).isCloseTo(Tensor.of(new float[] {0, 0, 2}));
    Tensor x = Tensor.of(new float[] {-1, 1});
    TensorAssert.assertThat(new ReLU().forward(x)).isCloseTo(Tensor.of(new float[] {0, 1}));
    TensorAssert.assertThat(x).isCloseTo(Tensor.of(new float[] {-1, 1}));
    assertThat(ReLU.inPlace()).hasToString("ReLU(inPlace)");
  }

  @Test
  void dropTheirShareInTrainingAndScaleTheRest() {
    Torch.manualSeed(5);
    Tensor x = Tensor.ones(100, 100);
    Tensor y = new Dropout(0.3).forward(x);
    assertThat(y.eq(0).toFloat().mean().item()).isBetween(0.27, 0.33);
    TensorAssert.assertThat(y.max()).isCloseTo(1 / 0.7);
    Tensor channels = new Dropout2d(0.5).forward(Tensor.ones(50, 20, 2, 2));
    Tensor sums = channels.sum(2, 3);
    assertThat(sums.eq(0).toFloat().mean().item()).isBetween(0.45, 0.55);
    assertThat(sums.eq(0).logicalOr(sums.eq(8)).all().item()).isEqualTo(1);
    Torch.manualSeed(5);
    assertThat(new Dropout(0.3).forward(x).equal(y)).isTrue();
    assertThatThrownBy(() -> new Dropout(1.5))
        .hasMessage("Dropout: the probability 1.5 is not in 0 to 1");
  }

  @Test
  void normalizeEachByItsOwn() {
    Tensor x = Tensor.randn(2, 6, 3, 4).mul(5).add(2);
    Tensor layer = new LayerNorm(6, 3, 4).forward(x);
    assertThat(layer.mean(1, 2, 3).sub(0).abs().max().item()).isLessThan(1e-5);
    Tensor group = new GroupNorm(2, 6).forward(x);
    assertThat(group.view(2, 2, -1).varBiased(2).sub(1).abs().max().item()).isLessThan(1e-3);
    Tensor instance = new InstanceNorm1d(6).forward(x.view(2, 6, 12));
    assertThat(instance.varBiased(2).sub(1).abs().max().item()).isLessThan(1e-3);
    assertThat(instance.mean(2).sub(0).abs().max().item()).isLessThan(1e-5);
    assertThat(new InstanceNorm1d(6).parameters()).isEmpty();
  }

  @Test
  void areFoundAndLeftUndecayedWhereTheyNormalize() {
    Sequential net =
        new Sequential(
            new Conv2d(1, 2, 3), new BatchNorm2d(2), new GroupNorm(1, 2), new LayerNorm(2));
    assertThat(net.normParameters()).hasSize(6);
    assertThat(net.undecayed()).hasSize(7).containsAll(net.normParameters());
  }

  @Test
  void keepTheVectorOfPaddingAtZero() {
    Embedding embedding = new Embedding(5, 3, 2);
    TensorAssert.assertThat(embedding.weight().get(2)).isCloseTo(0);
    assertThat(embedding.weight().get(1).abs().sum().item()).isPositive();
    embedding.forward(Tensor.of(new long[] {2, 1}, 1, 2)).sum().backward();
    TensorAssert.assertThat(embedding.weight().grad().sum(1))
        .isCloseTo(Tensor.of(new float[] {0, 3, 0, 0, 0}));
  }

  @Test
  void nameBothShapesWhereTheInputDoesNotFit() {
    assertThatThrownBy(() -> new Conv2d(3, 4, 3).forward(Tensor.ones(1, 2, 5, 5)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("[1, 2, 5, 5]")
        .hasMessageContaining("[4, 3, 3, 3]");
    assertThatThrownBy(() -> new BatchNorm2d(3).forward(Tensor.ones(4, 2, 5, 5)))
        .hasMessage(
            "BatchNorm2d(3): wants 3 channels on axis 1; it was given [4, 2, 5, 5] float32");
    assertThatThrownBy(() -> new BatchNorm2d(3).forward(Tensor.ones(4, 3)))
        .hasMessage("BatchNorm2d(3): wants images [n, 3, h, w]; it was given [4, 3] float32");
    assertThatThrownBy(() -> new LayerNorm(4).forward(Tensor.ones(2, 3)))
        .hasMessageContaining("[2, 3]")
        .hasMessageContaining("[4]");
    assertThatThrownBy(() -> new GroupNorm(2, 4).forward(Tensor.ones(2, 6)))
        .hasMessageContaining("[2, 6]")
        .hasMessageContaining("[4]");
    assertThatThrownBy(() -> new GroupNorm(4, 6))
        .hasMessage("GroupNorm: 6 channels cannot be put into 4 equal groups");
    assertThatThrownBy(() -> new Embedding(5, 3).forward(Tensor.of(new long[] {1, 5})))
        .hasMessage("Embedding(5, 3): there is no vector for 5, only for 0 to 4");
    assertThatThrownBy(() -> new Conv2d(3, 4, ConvOptions.kernel(3).groups(2)))
        .hasMessageContaining("in and out must be multiples of groups");
    assertThatThrownBy(() -> new Conv1d(3, 4, ConvOptions.kernel(3, 3)))
        .hasMessage("[3, 3] has 2 sizes; give 1 or 1");
  }

  @Test
  void refuseABatchWithoutVariance() {
    BatchNorm1d norm = new BatchNorm1d(3);
    assertThatThrownBy(() -> norm.forward(Tensor.ones(1, 3)))
        .hasMessageContaining("one value for each channel has no variance; it was given [1, 3]")
        .hasMessageContaining("batches of 2 items or more");
    norm.eval();
    assertThat(norm.forward(Tensor.ones(1, 3)).sub(1).abs().max().item()).isLessThan(1e-4);
  }

  @Test
  void beginAsFastaisBlocksDo() {
    Torch.manualSeed(1);
    ConvLayer conv = new ConvLayer(3, 64);
    assertThat(conv.namedParameters()).containsOnlyKeys("0.weight", "1.weight", "1.bias");
    double bound = Math.sqrt(6.0 / 27);
    assertThat(requireNonNull(conv.namedParameters().get("0.weight")).abs().max().item())
        .isBetween(0.98 * bound, bound);
    TensorAssert.assertThat(requireNonNull(conv.namedParameters().get("1.bias"))).isCloseTo(1e-3);
    assertThat(conv)
        .hasToString(
            "ConvLayer(Conv2d(in=3, out=64, kernel=3, stride=1, padding=1, bias=false),"
                + " BatchNorm2d(64), ReLU)");

    ConvLayer zero =
        new ConvLayer(
            3,
            8,
            ConvLayer.Options.DEFAULT
                .withKernel(1)
                .withNorm(NormType.BATCH_ZERO)
                .withoutActivation());
    assertThat(zero.layers()).hasSize(2);
    TensorAssert.assertThat(requireNonNull(zero.namedParameters().get("1.weight"))).isCloseTo(0);
    assertThat(requireNonNull(zero.namedParameters().get("0.weight")).abs().max().item())
        .isLessThanOrEqualTo(1 / Math.sqrt(3));

    ConvLayer bare =
        new ConvLayer(
            3, 500, ConvLayer.Options.DEFAULT.withNorm(NormType.NONE).withActivation(Sigmoid::new));
    assertThat(requireNonNull(bare.namedParameters().get("0.bias")).std().item())
        .isBetween(0.009, 0.011);
    double xavier = Math.sqrt(6.0 / (27 + 500 * 9));
    assertThat(requireNonNull(bare.namedParameters().get("0.weight")).abs().max().item())
        .isBetween(0.98 * xavier, xavier);
    assertThat(
            new ConvLayer(
                    1,
                    1,
                    ConvLayer.Options.DEFAULT.withNorm(NormType.INSTANCE).withActivationFirst())
                .layers())
        .extracting(l -> l.getClass().getSimpleName())
        .containsExactly("Conv2d", "ReLU", "InstanceNorm2d");

    assertThat(
            new LinBnDrop(
                1024, 512, LinBnDrop.Options.DEFAULT.withDropout(0.25).withActivation(new ReLU())))
        .hasToString(
            "LinBnDrop(BatchNorm1d(1024), Dropout(p=0.25), Linear(in=1024, out=512, bias=false),"
                + " ReLU)");
    assertThat(new LinBnDrop(2, 1, LinBnDrop.Options.DEFAULT.withoutNorm()))
        .hasToString("LinBnDrop(Linear(in=2, out=1))");
  }

  @Test
  void concatenateMaximaBeforeMeans() {
    Tensor x = Tensor.arange(8).toFloat().view(1, 2, 2, 2);
    TensorAssert.assertThat(new AdaptiveConcatPool2d().forward(x).flatten())
        .isCloseTo(Tensor.of(new float[] {3, 7, 1.5f, 5.5f}));
  }

  @Test
  void poolPixelsOfTheirSizeAsTheEngineDoes() {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.BFLOAT16}) {
      Tensor x = Tensor.randn(3, 5, 2, 2).to(dtype).requiresGrad_();
      Tensor same = x.detach().copy().requiresGrad_();
      Tensor y = new AdaptiveConcatPool2d(2).forward(x);
      Tensor expected =
          Tensor.cat(List.of(same.adaptiveMaxPool2d(2, 2), same.adaptiveAvgPool2d(2, 2)), 1);
      TensorAssert.assertThat(y).isCloseTo(expected, 0, 0);
      y.mul(y).sum().backward();
      expected.mul(expected).sum().backward();
      TensorAssert.assertThat(x.grad()).isCloseTo(same.grad(), 0, 0);
    }
    Tensor whole = Tensor.ones(2, 3, 1, 1).to(DType.INT64);
    assertThatThrownBy(() -> new AdaptiveConcatPool2d().forward(whole))
        .isInstanceOf(TensorException.class);
  }

  @Test
  void areCutFromASequenceAsInPython() {
    Sequential net = new Sequential(new Linear(1, 2), new ReLU(), new Linear(2, 3), new Tanh());
    assertThat(net.slice(0, -2)).hasToString("Sequential(Linear(in=1, out=2), ReLU)");
    assertThat(net.layer(-1)).hasToString("Tanh");
    assertThat(net.slice(2, 4).namedParameters()).containsOnlyKeys("0.weight", "0.bias");
    assertThat(net.slice(0, 1).parameters().get(0)).isSameAs(net.parameters().get(0));
  }
}
