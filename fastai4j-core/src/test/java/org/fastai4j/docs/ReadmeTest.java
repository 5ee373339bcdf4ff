package org.fastai4j.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fastai4j.data.ExternalData.untarData;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.data.URLs;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's program, on a cache that holds a few drawn digits under MNIST_SAMPLE's name. */
class ReadmeTest {
  static TensorDataset digits(Path folder) {
    Tensor threes = Images.stack(folder.resolve("3")).toFloat().div(255); // [6131, 28, 28]
    Tensor sevens = Images.stack(folder.resolve("7")).toFloat().div(255); // [6265, 28, 28]
    Tensor y = Tensor.cat(Tensor.ones(threes.size(0)), Tensor.zeros(sevens.size(0)));
    return TensorDataset.of(Tensor.cat(threes, sevens).view(-1, 28 * 28), y.unsqueeze(1));
  }

  static Tensor mnistLoss(Tensor preds, Tensor targets) {
    Tensor p = preds.sigmoid();
    return Tensor.where(targets.eq(1), p.rsub(1), p).mean(); // rsub: 1 - p
  }

  static Tensor batchAccuracy(Tensor preds, Tensor targets) {
    return preds.sigmoid().gt(0.5).eq(targets).toFloat().mean();
  }

  @Test
  void trainsANetThatReadsDrawnDigits(@TempDir Path home) throws IOException {
    assumeTrue(System.getenv("FASTAI_HOME") == null, "FASTAI_HOME names a cache to leave alone");
    Torch.manualSeed(42); // opens the engine, which has a cache of its own below user.home
    DigitSample.write(home.resolve(".fastai/data/mnist_sample"), 150);
    String realHome = System.getProperty("user.home");
    System.setProperty("user.home", home.toString());
    try {
      Path path = untarData(URLs.MNIST_SAMPLE);
      var dls = DataLoaders.of(digits(path.resolve("train")), digits(path.resolve("valid")), 256);
      var net = new Sequential(new Linear(28 * 28, 30), new ReLU(), new Linear(30, 1));
      Learner learn =
          Learner.builder(dls, net)
              .loss(ReadmeTest::mnistLoss)
              .optimizer(SGD::new)
              .metric("batch_accuracy", ReadmeTest::batchAccuracy)
              .build();
      learn.fit(40, 0.1);

      assertThat(learn.recorder().itemgot(2)).hasSize(40).last().satisfies(a -> above(a, 0.9));

      Path model = home.resolve("model.safetensors");
      Path photo = path.resolve("valid/7/0.png");
      ImageClassifier.of(net, "simple_net", List.of("7", "3")).save(model, Map.of());
      ImageClassifier.Prediction p = ImageClassifier.load(model).predict(Image.open(photo));
      assertThat(p.label()).isEqualTo("7");
      assertThat(p.probability()).isGreaterThan(0.5);
    } finally {
      System.setProperty("user.home", realHome);
    }
  }

  private static void above(double actual, double least) {
    assertThat(actual).isGreaterThan(least);
  }
}
