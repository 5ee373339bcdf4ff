package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Learner;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a machine with a GPU, and natives that know it ({@code -Pgpu}); skipped elsewhere. */
class GpuTest {
  private static Device gpu() {
    return Device.MPS.isAvailable() ? Device.MPS : Device.cuda(0);
  }

  @BeforeEach
  void needsAGpu() {
    assumeTrue(gpu().isAvailable(), "no GPU, or native libraries for CPUs: build with -Pgpu");
  }

  /** The losses of two epochs in a fixed order on this device. */
  private static List<Double> losses(Device device) {
    Torch.manualSeed(3);
    TensorDataset items =
        TensorDataset.of(Tensor.rand(64, 1, 28, 28), Tensor.arange(64).remainder(2).toLong());
    Learner learn =
        ImageClassifier.create("simple_cnn", List.of("a", "b"), ImageInput.grey(28, 28))
            .learner(DataLoaders.of(items, items, 16))
            .quiet()
            .build()
            .to(device);
    learn.fit(2, 1e-3);
    assertThat(learn.model().parameters().get(0).device()).isEqualTo(device);
    return learn.recorder().losses();
  }

  @Test
  void trainsAsTheCpuDoes() {
    List<Double> expected = losses(Device.CPU);
    List<Double> actual = losses(gpu());
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-2));
    }
  }
}
