package org.fastai4j.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.ProgressCallback;
import org.fastai4j.learner.Run;
import org.fastai4j.metrics.Metric;
import org.fastai4j.nn.BatchNorm1d;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.LearningRate;
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
  void doesNotCountEpochsThatAreSkipped() {
    Learner learn = told("a_loss", 5, 4, 3, 2).callback(new EarlyStopping("a_loss", 1)).build();
    learn.fit(4, LearningRate.of(0.01), 2);
    assertThat(learn.stopReason()).isEmpty();
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

  @Test
  void savesAtEveryOtherEpochAndTakesNothingBack() {
    List<Double> weights = new ArrayList<>();
    Path file = folder.resolve("model.safetensors");
    Learner learn =
        told("a_loss", 5, 4, 4.5, 3.8, 3.9)
            .callback(SaveModel.everyEpoch(file, 2))
            .callback(Callback.on(Event.AFTER_EPOCH, l -> weights.add(weight(l))))
            .build();
    learn.fit(5, 0.1);
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder(
            "model_0.safetensors", "model_2.safetensors", "model_4.safetensors");
    assertThat(weight(learn)).isEqualTo(weights.get(4));
    learn.load(folder.resolve("model_2.safetensors"));
    assertThat(weight(learn)).isEqualTo(weights.get(2));
  }

  @Test
  void savesTheLastWeightsIfAskedTo() {
    Path file = folder.resolve("last.safetensors");
    Learner learn =
        told("a_loss", 5, 4, 4.5).callback(new SaveModel(file, "a_loss").atEnd()).build();
    learn.fit(3, 0.1);
    double last = weight(learn);
    Learner other = line(1).build();
    assertThat(weight(other)).isNotEqualTo(last);
    other.load(file);
    assertThat(weight(other)).isEqualTo(last);
  }

  @Test
  void takesTheOptimizerOfTheBestEpochBackIfAskedTo() {
    List<Double> averages = new ArrayList<>();
    Learner learn =
        told("a_loss", 5, 4, 4.5)
            .optimizer((p, lr) -> new SGD(p, lr, 0.9, 0))
            .callback(new SaveModel(folder.resolve("best.safetensors"), "a_loss").withOpt())
            .callback(Callback.on(Event.AFTER_EPOCH, l -> averages.add(average(l))))
            .build();
    learn.fit(3, 0.1);
    assertThat(average(learn)).isEqualTo(averages.get(1)).isNotEqualTo(averages.get(2));
  }

  private static double average(Learner learn) {
    return requireNonNull(learn.optimizer().state().get("weight/grad_avg")).item();
  }

  @Test
  void takesTheBestWeightsBackAfterAFitThatWasStopped() {
    List<Double> weights = new ArrayList<>();
    Learner learn =
        told("a_loss", 5, 4)
            .callback(new SaveModel(folder.resolve("best.safetensors"), "a_loss"))
            .callback(Callback.on(Event.AFTER_EPOCH, l -> weights.add(weight(l))))
            .build();
    learn.addCallback(
        Callback.on(
            Event.AFTER_STEP,
            l -> {
              if (l.epoch() == 2) {
                l.stop();
              }
            }));
    learn.fit(5, 0.1);
    assertThat(learn.recorder().losses()).hasSize(3);
    assertThat(weight(learn)).isEqualTo(weights.get(1));
  }

  @Test
  void tellsThoseWhoWatchOfBetterModelsAndLowerRates() {
    var text = new ByteArrayOutputStream();
    Learner learn =
        told("a_loss", 5, 4, 4.5)
            .callback(new SaveModel(folder.resolve("best.safetensors"), "a_loss"))
            .callback(new ReduceLROnPlateau("a_loss", 1))
            .callback(new EarlyStopping("a_loss", 1))
            .callback(new ProgressCallback(new PrintStream(text, true, UTF_8), false))
            .build();
    learn.fit(3, 0.01);
    assertThat(text.toString(UTF_8).lines().filter(line -> line.contains(" ")).toList())
        .filteredOn(line -> !line.matches("(epoch|\\d) .*"))
        .containsExactly(
            "Epoch 0 has the best a_loss so far: 5.0.",
            "Epoch 1 has the best a_loss so far: 4.0.",
            "Epoch 2: the learning rate is now 0.001.",
            "The fit ended early: a_loss has not improved since epoch 1.");
  }

  /** What a callback that only looks on must not change. */
  private static Learner watched(Callback... watchers) {
    Learner learn = line(3).metric(Metric.of("mae", Functional::l1Loss)).build();
    learn.addCallback(new GradientAccumulation(8)); // carries items into the next epoch
    List.of(watchers).forEach(learn::addCallback);
    learn.fit(3, 0.1);
    return learn;
  }

  /** Runs {@code body} after the epochs of a fit, and not after those of passes within it. */
  private static Callback inFit(Consumer<Learner> body) {
    return new Callback() {
      @Override
      public boolean joins(Run run) {
        return run == Run.FIT;
      }

      @Override
      public void afterEpoch(Learner learn) {
        body.accept(learn);
      }
    };
  }

  @Test
  void fetchesPredictionsOfEveryEpochAndLeavesTheFitAlone() {
    FetchPreds fetch = new FetchPreds();
    List<Double> errors = new ArrayList<>();
    Learner with =
        watched(fetch, inFit(l -> errors.add(fetch.predictions().losses().mean().item())));
    Learner without = watched();
    assertThat(with.recorder().values()).isEqualTo(without.recorder().values());
    assertThat(with.recorder().losses()).isEqualTo(without.recorder().losses());
    assertThat(weight(with)).isEqualTo(weight(without));
    assertThat(errors).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(errors.get(i)).isCloseTo(with.recorder().itemgot(1).get(i), within(1e-6));
    }
  }

  @Test
  void validatingWithinAFitLeavesItAlone() {
    Learner with = watched(inFit(l -> l.validate(l.dls().train())));
    Learner without = watched();
    assertThat(with.recorder().values()).isEqualTo(without.recorder().values());
    assertThat(weight(with)).isEqualTo(weight(without));
  }

  @Test
  void fetchesNothingBeforeTheFirstEpoch() {
    assertThatThrownBy(new FetchPreds()::predictions)
        .hasMessage("FetchPreds: no epoch has been validated yet");
  }

  @Test
  void keepsTheStatisticsOfFrozenNormalization() {
    assertThat(runningMean(new BnFreeze())).isZero();
    assertThat(runningMean(new Callback() {})).isNotZero();
  }

  /** The running mean after a fit of a frozen layer whose inputs are around 5. */
  private static double runningMean(Callback callback) {
    TensorDataset data = TensorDataset.of(Tensor.rand(8, 1).add(5), Tensor.ones(8, 1));
    BatchNorm1d norm = new BatchNorm1d(1);
    Learner learn =
        Learner.builder(
                new DataLoaders(DataLoader.of(data, 4), DataLoader.of(data, 4)),
                new Sequential(norm, new Linear(1, 1)))
            .loss(Functional::mseLoss)
            .splitter(m -> List.of(norm.parameters(), m.parameters().subList(2, 4)))
            .freezeNorms()
            .callback(callback)
            .quiet()
            .build();
    learn.freeze();
    learn.fit(1, 0.1);
    return requireNonNull(norm.stateDict().get("running_mean")).item();
  }

  @Test
  void endsAnEpochAfterAShareOfItsBatches() {
    Learner learn = line(12).callback(new ShortEpoch(0.25)).build();
    learn.fit(2, 0.1);
    assertThat(learn.recorder().losses()).hasSize(2 * 4); // batches 0 to 3; 3 is a quarter of 12
    assertThat(learn.recorder().rows()).hasSize(2);
    assertThat(learn.recorder().itemgot(1)).allSatisfy(v -> assertThat(v).isFinite());
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
