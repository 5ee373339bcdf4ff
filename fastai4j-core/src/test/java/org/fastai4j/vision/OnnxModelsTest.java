package org.fastai4j.vision;

import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.OnnxExport;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.OnnxRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The nets that can be built by name, run by ONNX Runtime. */
class OnnxModelsTest {
  private final Path file;

  OnnxModelsTest(@TempDir Path folder) {
    file = folder.resolve("net.onnx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "simple_net"})
  void computesTheSameOnRows(String arch) {
    assertComputesTheSame(Models.create(arch, 10), 784);
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple_cnn", "deep_cnn"})
  void computesTheSameOnDigits(String arch) {
    assertComputesTheSame(Models.create(arch, 10), 1, 28, 28);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "resnet50", "xresnet18", "xresnet50"})
  void computesTheSameOnPhotographs(String arch) {
    assertComputesTheSame(Models.create(arch, 10), 3, 65, 64);
  }

  static Stream<String> withBody() {
    return Models.names().stream().filter(VisionModels::hasBody);
  }

  @ParameterizedTest
  @MethodSource("withBody")
  void computesTheSameWithFastaisHeadAndNormalization(String arch) {
    Module model = VisionModels.create(arch, 10, 3, VisionHead.standard());
    train(model, 3, 32, 32);
    double[] mean = {0.485, 0.456, 0.406};
    double[] std = {0.229, 0.224, 0.225};
    new OnnxExport(model, 3, 32, 32).withNormalization(mean, std).save(file);
    model.eval();
    Tensor x = Tensor.rand(2, 3, 32, 32);
    Tensor normalized =
        x.sub(Tensor.of(mean, 3, 1, 1).toFloat()).div(Tensor.of(std, 3, 1, 1).toFloat());
    assertThat(OnnxRuntime.run(file, x)).isCloseTo(model.forward(normalized), 1e-5, 1e-5);
  }

  @Test
  void computesTheSameOnGreyImages() {
    assertComputesTheSame(VisionModels.create("resnet18", 10, 1, VisionHead.standard()), 1, 64, 64);
  }

  private void assertComputesTheSame(Module model, long... itemShape) {
    train(model, itemShape);
    Tensor x = batch(3, itemShape);
    new OnnxExport(model, itemShape).save(file);
    model.eval();
    assertThat(OnnxRuntime.run(file, x)).isCloseTo(model.forward(x), 1e-5, 1e-5);
  }

  /** Factors and running statistics as after some training. */
  private static void train(Module model, long... itemShape) {
    Torch.manualSeed(42);
    Autograd.noGrad(
        () -> {
          for (Tensor p : model.parameters()) {
            if (p.dim() == 1) { // xresnets begin with factors of 0
              p.uniform_(0.5, 1);
            }
          }
          for (int i = 0; i < 20; i++) {
            Scope.run(() -> model.forward(batch(4, itemShape))); // moves the running statistics
          }
        });
  }

  private static Tensor batch(long n, long... itemShape) {
    long[] shape = new long[itemShape.length + 1];
    shape[0] = n;
    System.arraycopy(itemShape, 0, shape, 1, itemShape.length);
    return Tensor.randn(shape);
  }
}
