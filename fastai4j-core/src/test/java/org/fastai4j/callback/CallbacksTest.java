package org.fastai4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Linear;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbacksTest {
  private final Path folder;

  CallbacksTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A learner whose column {@code name} has these values, epoch by epoch. */
  private static Learner.Builder told(String name, double... values) {
    AtomicInteger epoch = new AtomicInteger();
    return line(1).metric(name, (p, t) -> Tensor.scalar(values[epoch.getAndIncrement()]));
  }

  /** Twelve items to train on in batches of {@code 12 / batches}, four to validate with in one. */
  private static Learner.Builder line(int batches) {
    Torch.manualSeed(1);
    Tensor x = Tensor.arange(12).toFloat().div(12).unsqueeze(1);
    TensorDataset train = TensorDataset.of(x, x.mul(2));
    TensorDataset valid = TensorDataset.of(x.narrow(0, 0, 4), x.narrow(0, 0, 4).mul(2));
    return Learner.builder(
            new DataLoaders(DataLoader.of(train, 12 / batches), DataLoader.of(valid, 4)),
            new Linear(1, 1))
        .loss(Functional::mseLoss)
        .optimizer(SGD::new)
        .quiet();
  }

  @Test
  void stopsAfterItsPatience() {
    assertThat(epochs(1, "a_loss", 5, 4, 4.5, 3)).isEqualTo(3);
    assertThat(epochs(2, "a_loss", 5, 4, 4.5, 4.2, 1)).isEqualTo(4);
    assertThat(epochs(3, "a_loss", 5, 4, 4.5, 4.2, 3, 2)).isEqualTo(6);
    assertThat(epochs(1, "score", 0.5, 0.6, 0.6, 0.7)).isEqualTo(3);
  }

  private static int epochs(int patience, String name, double... values) {
    Learner learn = told(name, values).callback(new EarlyStopping(name, patience)).build();
    learn.fit(values.length, 0.01);
    return learn.recorder().rows().size();
  }

  @Test
  void saysSinceWhenNothingImproved() {
    Learner learn = told("a_loss", 5, 4, 4.5).callback(new EarlyStopping("a_loss", 1)).build();
    learn.fit(3, 0.01);
    assertThat(learn.stopReason()).contains("a_loss has not improved since epoch 1");
  }

  @Test
  void endsWithTheWeightsOfTheBestEpoch() {
    List<Double> weights = new ArrayList<>();
    Learner learn =
        told("a_loss", 5, 4, 4.5, 3.8, 3.9)
            .callback(new SaveModel(folder.resolve("best.safetensors"), "a_loss"))
            .callback(Callback.on(Event.AFTER_EPOCH, l -> weights.add(weight(l))))
            .build();
    learn.fit(5, 0.1);
    assertThat(weight(learn)).isEqualTo(weights.get(3)).isNotEqualTo(weights.get(4));
  }

  private static double weight(Learner learn) {
    return learn.model().parameters().get(0).item();
  }

  @Test
  void lowersTheRateOnAPlateau() {
    assertThat(rates(new ReduceLROnPlateau("a_loss", 1), 5, 4, 4.5, 4.2, 4.1, 3))
        .containsExactly(0.01, 0.01, 0.001, 0.0001, 0.00001, 0.00001);
    assertThat(rates(new ReduceLROnPlateau("a_loss", 1, 2, 0.004), 5, 4, 4.5, 4.2, 4.1))
        .containsExactly(0.01, 0.01, 0.005, 0.004, 0.004);
  }

  private static List<Double> rates(Callback callback, double... values) {
    List<Double> rates = new ArrayList<>();
    Learner learn =
        told("a_loss", values)
            .callback(callback)
            .callback(
                new Callback() {
                  @Override
                  public int order() {
                    return 100;
                  }

                  @Override
                  public void afterEpoch(Learner l) {
                    rates.add(Math.round(l.optimizer().lr() * 1e9) / 1e9);
                  }
                })
            .build();
    learn.fit(values.length, 0.01);
    return rates;
  }

  @Test
  void refusesToWatchAColumnThatIsNotThere() {
    Learner learn = line(1).callback(new EarlyStopping("acuracy", 1)).build();
    assertThatThrownBy(() -> learn.fit(1, 0.1))
        .hasMessage("there is no 'acuracy' to monitor; there are train_loss, valid_loss");
    assertThat(learn.recorder().losses()).isEmpty();
  }

  @Test
  void boundsTheNormOfAllGradientsTogether() {
    List<Double> norms = new ArrayList<>();
    Learner learn =
        line(3)
            .callback(new GradientClip(0.01))
            .callback(
                new Callback() {
                  @Override
                  public int order() {
                    return 12;
                  }

                  @Override
                  public void beforeStep(Learner l) {
                    double sum = 0;
                    for (Tensor p : l.model().parameters()) {
                      sum += Math.pow(p.grad().item(), 2);
                    }
                    norms.add(Math.sqrt(sum));
                  }
                })
            .build();
    learn.fit(1, 0.01);
    assertThat(norms).hasSize(3).allSatisfy(n -> assertThat(n).isCloseTo(0.01, within(1e-5)));
  }

  @Test
  void stepsAsOneBatchOfAllItems() {
    Learner whole = line(1).build();
    whole.fit(2, 0.1);
    Learner parts = line(3).callback(new GradientAccumulation(12)).build();
    parts.fit(2, 0.1);
    assertThat(weight(parts)).isCloseTo(weight(whole), within(1e-6));
  }
}
