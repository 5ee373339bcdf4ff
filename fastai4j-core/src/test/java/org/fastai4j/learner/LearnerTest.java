package org.fastai4j.learner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Lambda;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.Adam;
import org.fastai4j.optim.LearningRate;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;

class LearnerTest {
  @Test
  void skipsEpochsWhileTheSchedulesPositionCountsThem() {
    Learner whole = Fits.line().build();
    whole.fitOneCycle(4, LearningRate.of(0.1));
    Learner rest = Fits.line().build();
    rest.fitOneCycle(4, LearningRate.of(0.1), 2);
    assertThat(rest.recorder().lrs()).isEqualTo(whole.recorder().lrs().subList(4, 8));
    assertThat(rest.recorder().rows()).hasSize(4);
    assertThat(rest.recorder().rows().get(1).cells()).startsWith("1", "", "");
    assertThat(rest.recorder().rows().get(2).cells().get(1)).isNotEmpty();

    rest.fit(3, LearningRate.of(0.1), 2);
    assertThat(rest.recorder().lrs()).containsExactly(0.1, 0.1);
  }

  @Test
  void refusesToStartAtAnEpochThatIsNotThere() {
    Learner learn = Fits.line().build();
    for (int start : new int[] {-1, 3}) {
      assertThatThrownBy(() -> learn.fit(3, LearningRate.of(0.1), start))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no epoch " + start + " to start at");
    }
  }

  @Test
  void weighsMetricsByTheSizeOfTheBatch() {
    Tensor y = Tensor.cat(List.of(Tensor.full(1, 64, 1), Tensor.full(3, 16, 1)), 0);
    TensorDataset data = TensorDataset.of(Tensor.ones(80, 1), y);
    DataLoader<Batch> batches = DataLoader.of(data, 64);
    Learner learn =
        Learner.builder(new DataLoaders(batches, batches), new Linear(1, 1))
            .loss((preds, targets) -> preds.mul(0).add(targets).mean())
            .metric("target", (preds, targets) -> targets.mean())
            .quiet()
            .build();
    learn.fit(1, 0);
    assertThat(learn.recorder().itemgot(1).get(0)).isCloseTo(1.4, within(1e-6));
    assertThat(learn.recorder().itemgot(2).get(0)).isCloseTo(1.4, within(1e-6));
  }

  @Test
  void keepsTheOptimizersStateAndResetsTheRecorderFromFitToFit() {
    Learner learn = Fits.line().optimizer((p, lr) -> new SGD(p, lr, 0.5, 0)).build();
    learn.fit(2, 0.001);
    var optimizer = learn.optimizer();
    learn.fit(1, 0.002);
    assertThat(learn.optimizer()).isSameAs(optimizer);
    assertThat(learn.optimizer().lr()).isEqualTo(0.002);
    assertThat(learn.recorder().rows()).hasSize(1);
    assertThat(learn.recorder().losses()).hasSize(2);
    assertThat(learn.recorder().lrs()).containsExactly(0.002, 0.002);
    assertThat(learn.recorder().iters()).containsExactly(2);
  }

  @Test
  void trainsAtTheBuildersRateIfTheFitNamesNone() {
    Learner learn = Fits.line().lr(0.003).build();
    learn.fit(1);
    assertThat(learn.recorder().lrs()).containsExactly(0.003, 0.003);
    assertThat(learn.optimizer()).isInstanceOf(Adam.class);
  }

  @Test
  void decaysNeitherBiasesNorNormalization() {
    Sequential model =
        new Sequential(new Conv2d(1, 2, 1), new BatchNorm2d(2), new Flatten(), new Linear(2, 1));
    assertThat(model.undecayed())
        .containsExactly(
            model.namedParameters().get("0.bias"),
            model.namedParameters().get("1.weight"),
            model.namedParameters().get("1.bias"),
            model.namedParameters().get("3.bias"));
    double weight = requireNonNull(model.namedParameters().get("3.weight")).toDoubleArray()[0];
    double bias = requireNonNull(model.namedParameters().get("3.bias")).item();
    TensorDataset data = TensorDataset.of(Tensor.ones(2, 1, 1, 1), Tensor.ones(2, 1));
    Learner learn =
        Learner.builder(new DataLoaders(DataLoader.of(data, 2), DataLoader.of(data, 2)), model)
            .loss((preds, targets) -> preds.mul(0).sum())
            .optimizer((p, lr) -> new SGD(p, lr, 0, 0.5))
            .quiet()
            .build();
    learn.fit(1, 0.1);
    assertThat(requireNonNull(model.namedParameters().get("1.weight")).toDoubleArray())
        .containsExactly(1, 1);
    assertThat(requireNonNull(model.namedParameters().get("3.bias")).item()).isEqualTo(bias);
    assertThat(requireNonNull(model.namedParameters().get("3.weight")).toDoubleArray()[0])
        .isCloseTo(0.95 * weight, within(1e-6));
  }

  @Test
  void refusesATrainingSetSmallerThanABatch() {
    DataLoader<Batch> valid = Fits.data().valid();
    DataLoader<Batch> train =
        DataLoader.of(TensorDataset.of(Tensor.ones(3, 1), Tensor.ones(3, 1)), 64).dropLast();
    Learner learn =
        Learner.builder(new DataLoaders(train, valid), new Linear(1, 1))
            .loss(Functional::mseLoss)
            .quiet()
            .build();
    assertThatThrownBy(() -> learn.fit(1))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "fit: the training set of 3 items has no batch of 64; use a smaller batch size");
  }

  @Test
  void refusesNoEpochsAndNoLoss() {
    Learner learn = Fits.line().build();
    assertThatThrownBy(() -> learn.fit(0)).hasMessage("fit: 0 epochs; use 1 or more");
    assertThatThrownBy(() -> Learner.builder(Fits.data(), new Linear(1, 1)).build())
        .hasMessageContaining("call loss(...) on its builder");
  }

  @Test
  void namesAFailingMetric() {
    Learner learn = Fits.line().metric("fancy", (preds, targets) -> preds.matmul(targets)).build();
    assertThatThrownBy(() -> learn.fit(1))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith("metric 'fancy' of predictions [2, 1] and targets [2, 1]: ");
    Learner plain = Fits.line().metric("pixels", (preds, targets) -> preds).build();
    assertThatThrownBy(() -> plain.fit(1)).hasMessageContaining("metric 'pixels'");
  }

  @Test
  void keepsWhatWasTrainedWhenAMetricFails() {
    AtomicInteger calls = new AtomicInteger();
    Learner learn =
        Fits.line()
            .optimizer(SGD::new)
            .metric(
                "picky",
                (preds, targets) -> {
                  if (calls.getAndIncrement() == 2) { // in the second epoch
                    throw new IllegalStateException("enough");
                  }
                  return preds.mean();
                })
            .build();
    assertThatThrownBy(() -> learn.fit(3, 0.01)).hasMessageContaining("metric 'picky'");
    assertThat(learn.recorder().rows()).hasSize(1);
    assertThat(learn.recorder().losses()).hasSize(4);
    double weight = learn.model().parameters().get(0).item();
    assertThat(weight).isNotZero();
    assertThat(learn.model().isTraining()).isFalse();
    assertThat(learn.validate()).hasSize(2); // goes on
    assertThat(learn.model().parameters().get(0).item()).isEqualTo(weight);
  }

  @Test
  void namesATargetThatNoOutputIsFor() {
    TensorDataset data = TensorDataset.of(Tensor.ones(4, 2), Tensor.of(new long[] {0, 1, 3, 2}));
    Learner learn =
        Learner.builder(
                new DataLoaders(DataLoader.of(data, 4), DataLoader.of(data, 4)), new Linear(2, 3))
            .loss(new CrossEntropyLoss())
            .quiet()
            .build();
    assertThatThrownBy(() -> learn.fit(1))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith("the loss of predictions [4, 3] and targets [4]: CrossEntropyLoss:")
        .hasMessageContaining("target class 3 is out of range: the predictions have 3 classes")
        .hasMessageContaining("give the last layer as many outputs as there are classes");
  }

  @Test
  void tellsWhatHelpsWhenMemoryIsShortAndCanGoOn() {
    AtomicInteger calls = new AtomicInteger();
    Linear inner = Fits.zero();
    Module model =
        new Sequential(
            new Lambda(x -> calls.getAndIncrement() == 1 ? x.repeat(1L << 40, 1).contiguous() : x),
            inner);
    Learner learn =
        Learner.builder(Fits.data(), model)
            .loss(Functional::mseLoss)
            .optimizer(SGD::new)
            .quiet()
            .build();
    long live = Torch.liveTensors();
    assertThatThrownBy(() -> learn.fit(1, 0.01))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("you tried to allocate 8796093022208 bytes")
        .hasMessageEndingWith(
            "; it was given [2, 1] float32; use a smaller batch, or run evaluation inside"
                + " Autograd.noGrad");
    assertThat(Torch.liveTensors()).isLessThanOrEqualTo(live + 1); // the failed step's batch ended
    assertThat(learn.recorder().losses()).hasSize(1);
    learn.fit(1, 0.01);
    assertThat(learn.recorder().rows()).hasSize(1);
  }

  @Test
  void namesWhatALossWasGiven() {
    Learner learn =
        Learner.builder(Fits.data(), Fits.zero()).loss((p, t) -> p.sub(t)).quiet().build();
    assertThatThrownBy(() -> learn.fit(1))
        .isInstanceOf(TensorException.class)
        .hasMessage(
            "the loss of predictions [2, 1] and targets [2, 1]:"
                + " it is [2, 1], not a single number; reduce it with mean()");
  }

  @Test
  void tellsWhatIsNotThereOutsideABatch() {
    Learner learn = Fits.line().build();
    learn.fit(1);
    assertThatThrownBy(learn::batch).hasMessageContaining("outside the events of one");
    assertThatThrownBy(learn::pred).hasMessageContaining("no prediction before afterPred");
  }

  @Test
  void endsAFitThatHasGoneAstrayIfAskedTo() {
    Learner learn = Fits.line().optimizer(SGD::new).callback(new TerminateOnNaN()).build();
    learn.fit(50, 1e30);
    assertThat(learn.recorder().rows()).isEmpty();
    assertThat(learn.recorder().losses()).hasSize(1); // 10; the next is infinite
  }

  @Test
  void goesOnWithANotANumberLossUnlessAskedNotTo() {
    Learner learn = Fits.line().optimizer(SGD::new).build();
    learn.fit(2, 1e30);
    assertThat(learn.recorder().rows()).hasSize(2);
    assertThat(learn.recorder().rows().get(1).cells().get(1)).isEqualTo("nan");
  }

  @Test
  void trainsInTrainingModeAndValidatesInEvaluationModeWithoutRecording() {
    List<Boolean> modes = new ArrayList<>();
    List<Boolean> recorded = new ArrayList<>();
    Learner learn =
        Fits.line()
            .callback(
                new Callback() {
                  @Override
                  public void afterPred(Learner l) {
                    modes.add(l.model().isTraining());
                    recorded.add(l.pred().requiresGrad());
                  }
                })
            .build();
    learn.fit(1);
    assertThat(modes).containsExactly(true, true, false, false);
    assertThat(recorded).isEqualTo(modes);
  }

  /** In a process of its own, whose heap has its full size from the beginning. */
  @Test
  void keepsMemoryFlatOverTenThousandSteps() throws IOException, InterruptedException {
    assumeTrue(Files.exists(TenThousandSteps.STATM), "resident memory is read from /proc");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                TenThousandSteps.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    List<String> last = out.lines().toList();
    String[] grown = last.get(last.size() - 1).split(" ", -1);
    assertThat(Long.parseLong(grown[0])).as("live tensors").isZero();
    assertThat(Long.parseLong(grown[1])).as("resident bytes").isLessThan(20L << 20);
  }

  @Test
  void givesASmallNetOneThreadButToConvolutionsInAFitAll() {
    Torch.withNumThreads(
        3,
        () -> {
          assertThat(threadsUsed(new Linear(2, 1), 0)).containsOnly(1);
          var convolution =
              new Sequential(
                  new Lambda(x -> x.view(-1, 2, 1, 1)), new Conv2d(2, 1, 1), new Flatten());
          assertThat(threadsUsed(convolution, 0)).containsExactly(3, 3, 1);
          assertThat(threadsUsed(new Linear(2, 1), 2)).containsOnly(2);
          var large = new Sequential(new Linear(2, 500_000), new Linear(500_000, 1));
          assertThat(threadsUsed(large, 0)).containsOnly(3);
          assertThat(Torch.getNumThreads()).isEqualTo(3); // put back
        });
  }

  /** In training, validation and a prediction; a builder is told nothing of threads by 0. */
  private static List<Integer> threadsUsed(Module model, int told) {
    List<Integer> threads = new ArrayList<>();
    Module counting =
        new Lambda(
            x -> {
              threads.add(Torch.getNumThreads());
              return x;
            });
    TensorDataset two = TensorDataset.of(Tensor.zeros(2, 2), Tensor.zeros(2, 1));
    Learner.Builder builder =
        Learner.builder(DataLoaders.of(two, two, 2), new Sequential(counting, model))
            .loss(Functional::mseLoss)
            .optimizer(SGD::new)
            .quiet();
    Learner learn = (told > 0 ? builder.threads(told) : builder).build();
    learn.fit(1);
    learn.predict(Tensor.zeros(2));
    assertThat(threads).hasSize(3);
    return threads;
  }
}
