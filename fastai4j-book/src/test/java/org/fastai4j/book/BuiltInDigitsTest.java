package org.fastai4j.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.Functional;
import org.fastai4j.optim.Adam;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.Images;
import org.fastai4j.vision.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nets that saw nothing but the built-in digits are asked about real ones. */
class BuiltInDigitsTest {
  private final Path folder;

  BuiltInDigitsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void teachASimpleNetToReadReal3sAnd7s() {
    Path real = unpack("mnist_sample.tgz");
    Torch.manualSeed(42);
    Tensor threes = draw(new int[] {3}, 6131);
    Tensor sevens = draw(new int[] {7}, 6265);
    Learner learn =
        Learner.builder(
                DataLoaders.of(pairs(threes, sevens), pairs(real, "valid/3", "valid/7"), 256),
                Models.simpleNet(1))
            .loss(MnistBasics::mnistLoss)
            .optimizer(SGD::new)
            .metric("batch_accuracy", MnistBasics::batchAccuracy)
            .quiet()
            .build();

    learn.fit(40, 0.1);

    double accuracy = last(learn);
    System.out.printf("simple_net, drawn 3s and 7s to real ones: %.4f%n", accuracy);
    assertThat(accuracy).isGreaterThanOrEqualTo(0.95);
  }

  @Test
  void teachAConvolutionalNetToReadTenRealDigits() {
    Path real = unpack("mnist_png.tgz");
    Torch.manualSeed(42);
    int n = 60_000;
    Tensor x = draw(IntStream.range(0, 10).toArray(), n).unsqueeze(1);
    Tensor y = Tensor.arange(n).remainder(10);
    Tensor[] stacks = new Tensor[10];
    Tensor[] labels = new Tensor[10];
    for (int d = 0; d < 10; d++) {
      stacks[d] = Images.stack(real.resolve("testing/" + d)).toFloat().div(255).unsqueeze(1);
      labels[d] = Tensor.full(d, stacks[d].size(0)).toLong();
    }
    TensorDataset test = TensorDataset.of(Tensor.cat(stacks), Tensor.cat(labels));
    Learner learn =
        Learner.builder(
                new DataLoaders(
                    DataLoader.of(TensorDataset.of(x, y), 256).shuffle(),
                    DataLoader.of(test, 1000)),
                Models.simpleCnn(10))
            .loss(Functional::crossEntropy)
            .optimizer(Adam::new)
            .metric(Metrics.accuracy())
            .quiet()
            .build();

    learn.fit(2, 3e-3);
    learn.fit(1, 3e-4);

    double accuracy = last(learn);
    System.out.printf("simple_cnn, drawn digits to real ones: %.4f%n", accuracy);
    assertThat(accuracy).isGreaterThanOrEqualTo(0.90);
  }

  private Path unpack(String archive) {
    return DataCache.at(folder).untarData(RealData.archive(archive));
  }

  /** Drawn digits, those of {@code digits} in turn: float32 {@code [n, 28, 28]} in 0..1. */
  private static Tensor draw(int[] digits, int n) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(n * 784);
    IntStream.range(0, n)
        .parallel()
        .forEach(i -> pixels.put(i * 784, DrawnDigits.draw(digits[i % digits.length], i)));
    return Tensor.wrap(pixels, n, 28, 28).toFloat().div(255);
  }

  private static TensorDataset pairs(Tensor threes, Tensor sevens) {
    return TensorDataset.of(
        Tensor.cat(threes, sevens).view(-1, 784),
        Tensor.cat(Tensor.ones(threes.size(0)), Tensor.zeros(sevens.size(0))).unsqueeze(1));
  }

  private static TensorDataset pairs(Path real, String threes, String sevens) {
    return pairs(
        Images.stack(real.resolve(threes)).toFloat().div(255),
        Images.stack(real.resolve(sevens)).toFloat().div(255));
  }

  private static double last(Learner learn) {
    var accuracies = learn.recorder().itemgot(2);
    return accuracies.get(accuracies.size() - 1);
  }
}
