package org.fastai4j.learner;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Lambda;
import org.fastai4j.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Predictions of items and of augmented copies of them. */
class TtaTest {
  /** Logits (x, 0) of two items, 0 and 1: the probability of the first class is sigmoid(x). */
  private static Learner learner() {
    TensorDataset data =
        TensorDataset.of(Tensor.of(new float[] {0, 0, 1, 0}, 2, 2), Tensor.of(new long[] {1, 0}));
    DataLoader<Batch> batches = DataLoader.of(data, 1);
    AtomicInteger begun = new AtomicInteger();
    DataLoader<Batch> augmented =
        batches.map(
            b -> {
              int pass = begun.getAndIncrement() / 2; // of two batches
              return new Batch(b.x().mul(2 + pass), b.y());
            });
    DataLoaders dls =
        new DataLoaders(batches, batches) {
          @Override
          public DataLoader<Batch> augmentedValid() {
            return augmented;
          }
        };
    return Learner.builder(dls, new Lambda(x -> x.mul(1)))
        .loss(new CrossEntropyLoss())
        .quiet()
        .build();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void weighsAugmentedAndPlainProbabilitiesAsFastai() {
    TtaPredictions tta = learner().tta(2);
    double augmented = (sigmoid(2) + sigmoid(3)) / 2; // passes with x doubled and tripled
    assertThat(tta.augmented().select(1, 0))
        .isCloseTo(Tensor.of(new double[] {0.5, augmented}), 0, 1e-6);
    assertThat(tta.plain().preds().select(1, 0))
        .isCloseTo(Tensor.of(new double[] {0.5, sigmoid(1)}), 0, 1e-6);
    assertThat(tta.preds().select(1, 0))
        .isCloseTo(Tensor.of(new double[] {0.5, 0.75 * augmented + 0.25 * sigmoid(1)}), 0, 1e-6);
    assertThat(tta.preds(1)).isCloseTo(tta.plain().preds(), 0, 1e-7);
    assertThat(tta.decoded()).isCloseTo(Tensor.of(new long[] {0, 0}), 0, 0);
    assertThat(tta.targets()).isCloseTo(Tensor.of(new long[] {1, 0}), 0, 0);
  }

  @Test
  void takesTheLargestOfAllPasses() {
    assertThat(learner().tta(2).max())
        .isCloseTo(Tensor.of(new double[] {0.5, 0.5, sigmoid(3), 1 - sigmoid(1)}, 2, 2), 0, 1e-6);
  }

  @Test
  void makesFourPassesByItself() {
    double mean = (sigmoid(2) + sigmoid(3) + sigmoid(4) + sigmoid(5)) / 4;
    assertThat(learner().tta().augmented().get(1, 0)).isCloseTo(Tensor.scalar(mean), 0, 1e-6);
  }

  @Test
  void saysWhatIsMissing() {
    Learner plain = Fits.line().build();
    assertThatThrownBy(plain::tta)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("give the loader of augmented items to Learner.tta");
    DataLoader<Batch> all = plain.dls().valid();
    assertThatThrownBy(() -> plain.tta(all.inOrder(new long[] {0}), all, 1))
        .hasMessage("tta: 1 augmented items and 4 plain ones; both are to be of the same items");
    assertThatThrownBy(() -> plain.tta(all, all, 0)).hasMessage("tta: 0 passes; use 1 or more");
  }
}
