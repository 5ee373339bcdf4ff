package org.fastai4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.OnnxRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxExportTest {
  private final Path file;

  OnnxExportTest(@TempDir Path folder) {
    file = folder.resolve("net.onnx");
  }

  static List<Module> layersOnImages() {
    return List.of(
        new Conv2d(3, 4, 3),
        new Conv2d(
            3, 6, ConvOptions.kernel(3, 5).stride(2, 1).padding(1, 2).dilation(2, 1).groups(3)),
        new Conv2d(3, 4, ConvOptions.kernel(2).withoutBias()),
        new BatchNorm2d(3, NormOptions.DEFAULT.withEps(0.1)),
        new ReLU(),
        new Sigmoid(),
        new Tanh(),
        new Softplus(),
        new Hardswish(),
        new SiLU(),
        new Mish(),
        new Softmax(1),
        new Flatten(),
        new MaxPool2d(3, 2, 1),
        new MaxPool2d(2, 2, 0, 2, true),
        new AvgPool2d(2),
        new AvgPool2d(3, 2, 1),
        new AvgPool2d(3, 2, 1, false, false),
        new AvgPool2d(2, 2, 0, true, true),
        new AdaptiveAvgPool2d(1),
        new AdaptiveMaxPool2d(1),
        new AdaptiveConcatPool2d(),
        new Dropout(0.5),
        new Dropout2d(0.5),
        new Identity(),
        new Sequential(new Flatten(), new Linear(189, 5), new BatchNorm1d(5)),
        new Sequential(new Flatten(), Linear.withoutBias(189, 2)));
  }

  @ParameterizedTest
  @MethodSource("layersOnImages")
  void computesWhatTheLayerDoesInEvaluation(Module layer) {
    Module model = new Sequential(new BatchNorm2d(3), layer);
    Autograd.noGrad(() -> model.forward(Tensor.randn(8, 3, 7, 9).mul(2).add(1))); // statistics
    new OnnxExport(model, 3, 7, 9).save(file);
    assertThat(model.isTraining()).isTrue();
    model.eval();
    for (int n : new int[] {1, 4}) {
      Tensor x = Tensor.randn(n, 3, 7, 9);
      assertThat(OnnxRuntime.run(file, x)).isCloseTo(model.forward(x), 1e-5, 1e-5);
    }
  }

  @Test
  void leavesEachPartInTheModeItWasIn() {
    Module frozen = new BatchNorm2d(3).eval();
    Module model = new Sequential(frozen, new Conv2d(3, 2, 1));
    new OnnxExport(model, 3, 4, 4).save(file);
    assertThat(model.isTraining()).isTrue();
    assertThat(frozen.isTraining()).isFalse();
  }

  @Test
  void normalizesAndKeepsMetadata() {
    Module model = new Sequential(new Conv2d(3, 2, 1));
    double[] mean = {0.1, 0.2, 0.3};
    double[] std = {0.5, 0.6, 0.7};
    new OnnxExport(model, 3, 4, 4)
        .withNormalization(mean, std)
        .withMetadata(Map.of("vocab", "[\"cat\"]"))
        .save(file);
    Tensor x = Tensor.rand(2, 3, 4, 4);
    Tensor normalized =
        x.sub(Tensor.of(mean, 3, 1, 1).toFloat()).div(Tensor.of(std, 3, 1, 1).toFloat());
    assertThat(OnnxRuntime.run(file, x)).isCloseTo(model.forward(normalized), 1e-5, 1e-5);
    assertThat(OnnxRuntime.metadata(file)).isEqualTo(Map.of("vocab", "[\"cat\"]"));
  }

  @Test
  void normalizesRowsByOneNumber() {
    Module model = new Sequential(new Linear(6, 2));
    new OnnxExport(model, 6).withNormalization(new double[] {0.5}, new double[] {0.25}).save(file);
    Tensor x = Tensor.rand(3, 6);
    assertThat(OnnxRuntime.run(file, x)).isCloseTo(model.forward(x.sub(0.5).div(0.25)), 1e-5, 1e-5);
    assertThatThrownBy(
            () ->
                new OnnxExport(model, 6)
                    .withNormalization(new double[] {1, 2}, new double[] {1, 2}))
        .hasMessage("2 means and 2 deviations do not normalize inputs [6]: give one of each");
  }

  @Test
  void writesALayerOfOnesOwn() {
    final class Doubled extends Module implements OnnxLayer {
      private final Linear inner = child("inner", new Linear(3, 3));

      @Override
      public Tensor forward(Tensor x) {
        return inner.forward(x).add(x);
      }

      @Override
      public String toOnnx(OnnxNodes nodes, String x) {
        return nodes.node("Add", nodes.layer(inner, x), x);
      }
    }
    Module model = new Sequential(new Doubled(), new Doubled());
    new OnnxExport(model, 3).save(file);
    Tensor x = Tensor.randn(2, 3);
    assertThat(OnnxRuntime.run(file, x)).isCloseTo(model.forward(x), 1e-5, 1e-5);
  }

  @Test
  void namesALayerThatCannotBeExported() {
    Module pool = new Sequential(new Conv2d(1, 2, 3), new AdaptiveAvgPool2d(2));
    assertThatThrownBy(() -> new OnnxExport(pool, 1, 8, 8).save(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("AdaptiveAvgPool2d(2) cannot be exported as ONNX; ");
    Module twoAxes = new Sequential(new Conv2d(1, 2, 3), new Flatten(2, -1));
    assertThatThrownBy(() -> new OnnxExport(twoAxes, 1, 8, 8).save(file))
        .hasMessageStartingWith("Flatten(2, -1) cannot be exported as ONNX; ");
    Module lambda = new Sequential(new Linear(2, 2), Tensor::relu);
    assertThatThrownBy(() -> new OnnxExport(lambda, 2).save(file))
        .hasMessageStartingWith("a layer that is no module cannot be exported as ONNX; ");
    Module reflect = new Conv2d(1, 1, ConvOptions.kernel(3).padding(1).paddingMode("reflect"));
    assertThatThrownBy(() -> new OnnxExport(reflect, 1, 8, 8).save(file))
        .hasMessageContaining("paddingMode=reflect) cannot be exported as ONNX; ");
    assertThat(file).doesNotExist();
  }
}
