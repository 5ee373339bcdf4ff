package org.fastai4j.learner;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Pth;
import org.fastai4j.io.Safetensors;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.BatchNorm1d;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Dropout;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.LearningRate;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a learner does besides fitting: predictions, freezing, saving, stopping. */
class LearnerUseTest {
  private final Path folder;

  LearnerUseTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static TensorDataset data(int n) {
    Tensor x = Tensor.randn(n, 6);
    return TensorDataset.of(x, x.narrow(1, 0, 3).argmax(1));
  }

  private static Learner.Builder classes() {
    Torch.manualSeed(5);
    TensorDataset train = data(96);
    TensorDataset valid = data(40);
    Module model =
        new Sequential(
            new Linear(6, 16),
            new BatchNorm1d(16),
            new ReLU(),
            new Dropout(0.2),
            new Linear(16, 3));
    return Learner.builder(DataLoaders.of(train, valid, 16), model)
        .loss(new CrossEntropyLoss())
        .metric(Metrics.accuracy())
        .splitter(m -> List.of(m.parameters().subList(0, 4), m.parameters().subList(4, 6)))
        .quiet();
  }

  @Test
  void summarizesModelOptimizerLossAndCallbacks() {
    Learner learn = classes().callback(Callback.on(Event.AFTER_FIT, l -> {})).build();
    learn.freeze();
    assertThat(learn.summary())
        .startsWith("Sequential (Input shape: 16 x 6)\n")
        .contains("Total params: 195\nTotal trainable params: 83\n")
        .endsWith(
            """
            Optimizer used: Adam
            Loss function: CrossEntropyLoss

            Model frozen up to parameter group #1

            Callbacks:
              - TrainEval
              - EventCallback
              - Recorder
            """);
    assertThat(learn.model().isTraining()).isTrue();
  }

  private static Tensor weight(Learner learn, String name) {
    return requireNonNull(learn.model().stateDict().get(name));
  }

  @Test
  void showsTheLoopWithTheCallbacksAtEachEvent() {
    Learner learn =
        classes()
            .callback(Callback.on(Event.BEFORE_STEP, l -> {}))
            .callback(new Fits.Log()) // at every event
            .build();
    assertThat(learn.showTrainingLoop().lines())
        .containsExactly(
            "Start Fit",
            "   - beforeFit      : [Log, Recorder]",
            "  Start Epoch Loop",
            "     - beforeEpoch    : [Log, Recorder]",
            "    Start Train",
            "       - beforeTrain    : [TrainEval, Log]",
            "      Start Batch Loop",
            "         - beforeBatch    : [Log]",
            "         - afterPred      : [Log]",
            "         - afterLoss      : [Log]",
            "         - beforeBackward : [Log]",
            "         - afterCancelBackward: [Log]",
            "         - afterBackward  : [Log]",
            "         - beforeStep     : [EventCallback, Log]",
            "         - afterCancelStep: [Log]",
            "         - afterStep      : [Log]",
            "         - afterCancelBatch: [Log]",
            "         - afterBatch     : [TrainEval, Log, Recorder]",
            "      End Batch Loop",
            "    End Train",
            "     - afterCancelTrain: [Log]",
            "     - afterTrain     : [Log]",
            "    Start Valid",
            "       - beforeValidate : [TrainEval, Log, Recorder]",
            "      Start Batch Loop",
            "         - as in training, up to afterLoss, and afterBatch",
            "      End Batch Loop",
            "    End Valid",
            "     - afterCancelValidate: [Log]",
            "     - afterValidate  : [Log, Recorder]",
            "  End Epoch Loop",
            "   - afterCancelEpoch: [Log]",
            "   - afterEpoch     : [Log, Recorder]",
            "End Fit",
            " - afterCancelFit : [Log]",
            " - afterFit       : [Log]",
            " - cleanupFit     : [Log]");
  }

  @Test
  void validatesAsTheLastEpochDidAndKeepsTheHistory() {
    Learner learn = classes().build();
    learn.fit(2, 0.01);
    List<Double> losses = List.copyOf(learn.recorder().losses());
    List<Double> last = learn.recorder().values().get(1);
    List<Double> again = learn.validate();
    assertThat(again.get(0)).isCloseTo(last.get(1), within(1e-6));
    assertThat(again.get(1)).isEqualTo(last.get(2));
    assertThat(learn.recorder().losses()).isEqualTo(losses);
    assertThat(learn.recorder().rows()).hasSize(2);
  }

  @Test
  void predictsASetInItsOrderAndOneItemTheSame() {
    Learner learn = classes().build();
    learn.fit(1, 0.01);
    Predictions predictions = learn.getPreds();
    assertThat(predictions.size()).isEqualTo(40);
    assertThat(predictions.preds().sum(1).sub(1).abs().max().item()).isLessThan(1e-6);
    assertThat(predictions.decoded().eq(predictions.outputs().argmax(1)).all().item()).isEqualTo(1);
    assertThat(predictions.losses().mean().item()).isCloseTo(learn.validate().get(0), within(1e-6));

    List<Batch> batches = new ArrayList<>();
    learn.dls().valid().iterator().forEachRemaining(batches::add);
    Tensor item = batches.get(1).x().get(3);
    assertThat(learn.predict(item).sub(predictions.preds().get(19)).abs().max().item())
        .isLessThan(1e-6);
  }

  @Test
  void predictsItemsWithoutTargets() {
    Learner learn = classes().build();
    DataLoader<Batch> unlabeled = DataLoader.of(data(10), 4).map(batch -> Batch.of(batch.x()));
    Predictions predictions = learn.getPreds(unlabeled);
    assertThat(predictions.size()).isEqualTo(10);
    assertThat(predictions.hasTargets()).isFalse();
    assertThatThrownBy(predictions::losses).hasMessageContaining("no targets");
  }

  @Test
  void trainsOnlyTheLastGroupAndNormalizationWhenFrozen() {
    Learner learn = classes().build();
    Tensor first = weight(learn, "0.weight").detach().copy();
    Tensor norm = weight(learn, "1.weight").detach().copy();
    Tensor last = weight(learn, "4.weight").detach().copy();
    learn.freeze();
    learn.fit(1, 0.01);
    assertThat(weight(learn, "0.weight").eq(first).all().item()).isEqualTo(1);
    assertThat(weight(learn, "1.weight").eq(norm).all().item()).isZero();
    assertThat(weight(learn, "4.weight").eq(last).any().item()).isZero();
    learn.unfreeze();
    learn.fit(1, LearningRate.slice(1e-3, 1e-2));
    assertThat(weight(learn, "0.weight").eq(first).any().item()).isZero();
    assertThat(learn.optimizer().groups().get(0).hyper("lr")).isEqualTo(1e-3);
    assertThat(learn.optimizer().lr()).isEqualTo(1e-2);
  }

  @Test
  void freezesNormalizationTooIfAsked() {
    Learner learn = classes().freezeNorms().build();
    Tensor norm = weight(learn, "1.weight").detach().copy();
    learn.freeze();
    learn.fit(1, 0.01);
    assertThat(weight(learn, "1.weight").eq(norm).all().item()).isEqualTo(1);
  }

  @Test
  void goesOnFromAFileAsIfItHadNotStopped() {
    Learner learn = classes().build();
    learn.fit(1, 0.01);
    Path file = folder.resolve("learner.safetensors");
    learn.save(file);
    Tensor random = Torch.getRngState();
    learn.fit(1, 0.02);

    Learner other = classes().build();
    other.load(file);
    Torch.setRngState(random);
    other.fit(1, 0.02);
    learn
        .model()
        .stateDict()
        .forEach(
            (name, t) -> assertThat(t.eq(weight(other, name)).all().item()).as(name).isEqualTo(1));
  }

  @Test
  void takesTheWeightsOfAPthFile() {
    Learner learn = classes().build();
    Path file = folder.resolve("weights.pth");
    Pth.save(file, learn.model().stateDict());
    Learner other = classes().build();
    other.fit(1, 0.1);
    other.load(file);
    assertThat(weight(other, "4.weight").eq(weight(learn, "4.weight")).all().item()).isEqualTo(1);
  }

  @Test
  void takesTheWeightsOfAModelWithAPartNamedModel() {
    var learn = Learner.builder(Fits.data(), new Wrapped()).loss(Functional::mseLoss).build();
    Map<String, Tensor> weights = Map.of("model.weight", Tensor.of(new float[] {3}, 1, 1));
    Path file = folder.resolve("weights.safetensors");
    Safetensors.save(file, weights);
    learn.load(file);
    assertThat(weight(learn, "model.weight").item()).isEqualTo(3);
  }

  /** A model whose only part is named {@code model}, as the prefix in a learner's file. */
  private static final class Wrapped extends Module {
    private final Linear model = child("model", Fits.zero());

    @Override
    public Tensor forward(Tensor x) {
      return model.forward(x);
    }
  }

  @Test
  void refusesAFileOfAnotherOptimizerByName() {
    Learner learn = classes().build();
    learn.fit(1, 0.01);
    Path file = folder.resolve("learner.safetensors");
    learn.save(file);
    Learner other = classes().splitter(m -> List.of(m.parameters())).build();
    assertThatThrownBy(() -> other.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("2 parameter groups, the learner's has 1");
  }

  @Test
  void stopsAfterTheBatchItIsInAndKeepsWhatItHas() {
    Learner learn = classes().build();
    learn.addCallback(
        Callback.on(
            Event.AFTER_BATCH,
            l -> {
              if (l.isTraining() && l.epoch() == 1 && l.iteration() == 2) {
                l.stop();
              }
            }));
    learn.fit(5, 0.01);
    assertThat(learn.recorder().losses()).hasSize(6 + 3);
    assertThat(learn.recorder().rows()).hasSize(1);
    assertThat(learn.stopReason()).contains("it was asked to stop");
    assertThat(learn.model().isTraining()).isFalse();
    learn.fit(1, 0.01);
    assertThat(learn.stopReason()).isEmpty();
  }

  @Test
  void stopsWhenItsThreadIsInterrupted() {
    Learner learn = classes().build();
    learn.addCallback(Callback.on(Event.AFTER_STEP, l -> Thread.currentThread().interrupt()));
    learn.fit(5, 0.01);
    assertThat(learn.recorder().losses()).hasSize(1);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void writesTheCheckpointOfTheBatchItIsInterruptedIn() {
    Learner learn = classes().build().checkpoint(folder.resolve("c"), 1);
    learn.addCallback(Callback.on(Event.AFTER_STEP, l -> Thread.currentThread().interrupt()));
    learn.fit(5, 0.01);
    assertThat(learn.stopReason()).contains("it was asked to stop");
    assertThat(folder.resolve("c/checkpoint-00000001.safetensors")).exists();
  }

  @Test
  void aSearchThatFailsPutsEverythingBack() {
    Learner learn = classes().build();
    learn.fit(1, 0.01);
    Map<String, Tensor> before = learn.model().stateDict();
    Tensor weight = requireNonNull(before.get("0.weight")).detach().copy();
    Tensor random = Torch.getRngState();
    Callback failing =
        Callback.on(
            Event.AFTER_STEP,
            l -> {
              if (l.iteration() == 3) {
                throw new IllegalStateException("enough");
              }
            });
    learn.addCallback(failing);
    assertThatThrownBy(learn::lrFind).hasMessage("enough");
    assertThat(weight(learn, "0.weight").eq(weight).all().item()).isEqualTo(1);
    assertThat(learn.optimizer().lr()).isEqualTo(0.01);
    assertThat(Torch.getRngState().eq(random).all().item()).isEqualTo(1);
    learn.removeCallback(failing);
    assertThat(learn.lrFind().lrs()).hasSizeGreaterThan(20);
  }

  @Test
  void theSameSeedGivesTheSameWeights() {
    Learner one = classes().build();
    one.fitOneCycle(2, 0.01);
    Learner two = classes().build();
    two.lrFind(); // changes nothing
    two.fitOneCycle(2, 0.01);
    one.model()
        .stateDict()
        .forEach(
            (name, t) -> assertThat(t.eq(weight(two, name)).all().item()).as(name).isEqualTo(1));
  }

  @Test
  void fineTunesInTwoPhases() {
    Learner learn = classes().build();
    List<Integer> frozen = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    learn.addCallback(
        Callback.on(
            Event.BEFORE_STEP,
            l -> {
              frozen.add(l.optimizer().frozenTo());
              rates.add(l.optimizer().groups().get(0).hyper("lr") / l.optimizer().lr());
            }));
    learn.fineTune(2, 2e-3);
    assertThat(frozen).hasSize(18);
    assertThat(frozen.subList(0, 6)).containsOnly(1);
    assertThat(frozen.subList(6, 18)).containsOnly(0);
    assertThat(rates.get(0)).isCloseTo(0.1, within(1e-9));
    assertThat(rates.get(17)).isCloseTo(0.01, within(1e-9));
  }

  @Test
  void tellsAWrongColumnAndThoseThereAre() {
    Learner learn = classes().build();
    learn.fit(1);
    assertThat(learn.recorder().monitored("accuracy")).isBetween(0.0, 1.0);
    assertThatThrownBy(() -> learn.recorder().monitored("acuracy"))
        .hasMessage("there is no 'acuracy' to monitor; there are train_loss, valid_loss, accuracy");
  }

  @Test
  void plotsWhatWasRecorded() {
    Learner learn = classes().build();
    learn.fitOneCycle(2, 0.01);
    assertThat(learn.recorder().plotLoss().png()).hasSizeGreaterThan(1000);
    assertThat(learn.recorder().plotSched().svg()).contains("mom");
    assertThat(learn.recorder().toDataFrame().height()).isEqualTo(2);
    assertThat(learn.recorder().toDataFrame().getColumnsIndex().toArray())
        .containsExactly("epoch", "train_loss", "valid_loss", "accuracy", "time");
  }
}
