package org.fastai4j.callback;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Index;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;

/** Mixed precision and the layout of images. */
class PrecisionTest {
  /** A small net for noise that is a little brighter in the upper half, or not. */
  private static Learner.Builder images() {
    Torch.manualSeed(4);
    Tensor y = Tensor.arange(256).remainder(2);
    Tensor brighter = y.toFloat().mul(0.3).view(-1, 1, 1, 1);
    Tensor x =
        Tensor.cat(List.of(Tensor.rand(256, 1, 4, 8).add(brighter), Tensor.rand(256, 1, 4, 8)), 2);
    TensorDataset data = TensorDataset.of(x, y);
    Module model =
        new Sequential(
            new Conv2d(1, 8, 3),
            new ReLU(),
            new Conv2d(8, 8, 3),
            new ReLU(),
            new Flatten(),
            new Linear(128, 2));
    return Learner.builder(new DataLoaders(DataLoader.of(data, 32), DataLoader.of(data, 64)), model)
        .loss(new CrossEntropyLoss())
        .metric(Metrics.accuracy())
        .quiet();
  }

  private static double last(Learner learn, int column) {
    List<Double> values = learn.recorder().itemgot(column);
    return values.get(values.size() - 1);
  }

  @Test
  void trainsAsWellInBfloat16WithWeightsAndLossInFloat32() {
    Learner full = images().build();
    full.fit(12, 0.003);
    Learner half = images().callback(MixedPrecision.bf16()).build();
    List<DType> inside = new ArrayList<>();
    List<DType> preds = new ArrayList<>();
    Module conv = requireNonNull(half.model().namedChildren().get("2"));
    try (var hook = conv.registerForwardHook((m, in, out) -> inside.add(out.dtype()))) {
      half.addCallback(Callback.on(Event.AFTER_PRED, l -> preds.add(l.pred().dtype())));
      half.fit(12, 0.003);
    }
    assertThat(inside).hasSize(12 * (8 + 4)).containsOnly(DType.BFLOAT16);
    assertThat(preds).containsOnly(DType.FLOAT32);
    assertThat(half.model().stateDict().values())
        .extracting(Tensor::dtype)
        .containsOnly(DType.FLOAT32);
    assertThat(last(full, 2)).isGreaterThan(0.9);
    assertThat(last(half, 2)).isCloseTo(last(full, 2), within(0.05));
    assertThat(last(half, 1)).isNotEqualTo(last(full, 1));
  }

  @Test
  void leavesThePrecisionOfTheThreadAsItWasWhateverIsThrown() {
    Tensor a = Tensor.ones(2, 2);
    assertThat(Torch.withAutocast(Device.CPU, DType.BFLOAT16, () -> a.matmul(a)).dtype())
        .isEqualTo(DType.BFLOAT16);
    assertThat(a.matmul(a).dtype()).isEqualTo(DType.FLOAT32);
    try {
      Torch.withAutocast(Device.CPU, DType.BFLOAT16, () -> a.matmul(Tensor.ones(3)));
      throw new AssertionError("the shapes do not fit");
    } catch (TensorException e) {
      assertThat(a.matmul(a).dtype()).isEqualTo(DType.FLOAT32);
    }
    DType nested =
        Torch.withAutocast(
            Device.CPU,
            DType.BFLOAT16,
            () -> {
              DType within =
                  Torch.withAutocast(Device.CPU, DType.FLOAT16, () -> a.matmul(a)).dtype();
              assertThat(within).isEqualTo(DType.FLOAT16);
              return a.matmul(a).dtype();
            });
    assertThat(nested).isEqualTo(DType.BFLOAT16);
  }

  @Test
  void computesWithTheWeightsAsTheyAreAndNotAsTheyWereConvertedBefore() {
    Linear layer = new Linear(1, 1);
    Tensor one = Tensor.ones(1, 1);
    for (double w : new double[] {2, 3}) {
      layer.loadStateDict(Map.of("weight", one.mul(w), "bias", Tensor.zeros(1)));
      Tensor y = Torch.withAutocast(Device.CPU, DType.BFLOAT16, () -> layer.forward(one));
      assertThat(y.item()).isEqualTo(w);
    }
  }

  /**
   * A line y = w x from w = 0 on items (1, 2), but (30000, 2) in the batch that is told. The loss
   * is divided by 1024, for only gradients that fit are scaled by 65536.
   */
  private static Learner line(MixedPrecision precision, int batches, int overflows) {
    Tensor x = Tensor.ones(batches, 1);
    if (overflows >= 0) {
      x.put_(30000, Index.at(overflows));
    }
    TensorDataset data = TensorDataset.of(x, Tensor.full(2, batches, 1));
    Linear model = Linear.withoutBias(1, 1);
    model.loadStateDict(Map.of("weight", Tensor.zeros(1, 1)));
    return Learner.builder(new DataLoaders(DataLoader.of(data, 1), DataLoader.of(data, 1)), model)
        .loss((preds, targets) -> preds.mseLoss(targets).div(1024))
        .optimizer(SGD::new)
        .callback(precision)
        .quiet()
        .build();
  }

  @Test
  void scalesTheLossForFloat16AndTheGradientsBack() {
    MixedPrecision fp16 = MixedPrecision.fp16();
    Learner learn = line(fp16, 1, -1);
    List<Double> gradients = new ArrayList<>();
    learn.addCallback(
        Callback.on(
            Event.AFTER_BACKWARD, l -> gradients.add(l.model().parameters().get(0).grad().item())));
    learn.fit(1, 1024.0 / 8);
    // d/dw (w - 2)² at 0 is -4.
    assertThat(gradients).containsExactly(-4.0 / 1024 * 65536);
    assertThat(learn.model().parameters().get(0).item()).isEqualTo(0.5);
    assertThat(learn.loss()).isCloseTo(2.25 / 1024, within(1e-6)); // of the validation
  }

  @Test
  void skipsAStepWhoseGradientsOverflowAndHalvesTheScale() {
    MixedPrecision fp16 = MixedPrecision.fp16();
    Learner learn = line(fp16, 3, 1);
    List<Double> weights = new ArrayList<>();
    learn.addCallback(
        Callback.on(
            Event.AFTER_BATCH,
            l -> {
              if (l.isTraining()) {
                weights.add(l.model().parameters().get(0).item());
              }
            }));
    learn.fit(1, 1024.0 / 8);
    assertThat(weights).containsExactly(0.5, 0.5, 0.875);
    assertThat(fp16.scale()).isEqualTo(32768);
    MixedPrecision other = MixedPrecision.fp16();
    other.loadState(fp16.state());
    assertThat(other.state()).isEqualTo(fp16.state()).containsEntry("good", 1);
  }

  @Test
  void doublesTheScaleAfterTwoThousandGoodSteps() {
    MixedPrecision fp16 = MixedPrecision.fp16();
    fp16.loadState(Map.of("scale", 1024.0, "good", 1999));
    Learner learn = line(fp16, 1, -1);
    fp16.afterStep(learn);
    assertThat(fp16.scale()).isEqualTo(2048);
    assertThat(fp16.state()).containsEntry("good", 0);
  }

  @Test
  void givesWithChannelsLastWhatItGivesWithout() {
    Learner plain = images().optimizer(SGD::new).build();
    plain.fit(2, 0.01);
    Learner last = images().optimizer(SGD::new).callback(new ChannelsLast()).build();
    List<Boolean> contiguous = new ArrayList<>();
    Module conv = requireNonNull(last.model().namedChildren().get("2"));
    try (var hook = conv.registerForwardHook((m, in, out) -> contiguous.add(out.isContiguous()))) {
      last.fit(2, 0.01);
    }
    assertThat(contiguous).containsOnly(false);
    plain
        .model()
        .stateDict()
        .forEach(
            (name, t) ->
                TensorAssert.assertThat(requireNonNull(last.model().stateDict().get(name)))
                    .as(name)
                    .isCloseTo(t, 1e-4, 1e-5));
    TensorAssert.assertThat(last.getPreds().preds())
        .isCloseTo(plain.getPreds().preds(), 1e-4, 1e-5);
  }
}
