package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.Functional;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.RealMnist;
import org.junit.jupiter.api.Test;

class ConvNetTest {
  private static final List<String> VOCAB = List.of("3", "7");

  @Test
  void tellsRealThreesFromSevensAfterOneEpoch() {
    TensorDataset train = digits("train", 6131);
    TensorDataset valid = digits("valid", 1010);
    Torch.manualSeed(42);
    Learner learn =
        Learner.builder(
                new DataLoaders(DataLoader.of(train, 64).shuffle(42), DataLoader.of(valid, 256)),
                Models.simpleCnn(2))
            .loss(Functional::crossEntropy)
            .metric(Metrics.accuracy())
            .quiet()
            .build();
    Torch.withNumThreads(
        1,
        () -> {
          learn.fit(1, 1e-3);
          return learn;
        });
    assertThat(learn.recorder().itemgot(2).get(0)).isGreaterThan(0.98);

    ImageClassifier classifier = ImageClassifier.of(learn.model(), "simple_cnn", VOCAB);
    List<Path> files = RealMnist.files("valid");
    int right = 0;
    int asked = 0;
    for (int i = 0; i < files.size(); i += 50) {
      Image digit = Image.open(files.get(i));
      String label = i < 1010 ? "3" : "7";
      for (Image image :
          List.of(digit, digit.invert(), digit.resize(100, 100), digit.resize(90, 90).invert())) {
        right += classifier.predict(image).label().equals(label) ? 1 : 0;
        asked++;
      }
    }
    assertThat(right).isGreaterThanOrEqualTo((int) (0.95 * asked)); // of 164
  }

  private static TensorDataset digits(String split, int threes) {
    Tensor pixels = Images.stack(RealMnist.files(split)).toFloat().div(255);
    return TensorDataset.of(pixels.unsqueeze(1), Tensor.arange(pixels.size(0)).ge(threes).toLong());
  }
}
