package org.fastai4j.callback;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.CancelException;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.LabelSmoothingCrossEntropy;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Loss;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.Golden;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** MixUp and CutMix against fastai's with the same draws; golden kind {@code vision}. */
class MixTest {
  private static final String BOXES = "vision/cutmix_boxes";

  static Stream<Golden.Case> batches() {
    return Golden.cases("mix", "vision").stream().filter(c -> !c.name().equals(BOXES));
  }

  /** A model that gives the same predictions for any batch. */
  private static final class Given extends Module {
    private final Tensor preds;

    Given(Tensor preds) {
      this.preds = parameter("preds", preds);
    }

    @Override
    public Tensor forward(Tensor x) {
      return preds.mul(1);
    }
  }

  /** The draws of a golden case. */
  private static final class GivenDraws extends Draws {
    private final Golden.Case golden;
    private final Map<String, Tensor> tensors;

    GivenDraws(Golden.Case golden, Map<String, Tensor> tensors) {
      this.golden = golden;
      this.tensors = tensors;
    }

    @Override
    Tensor permutation(long n) {
      return requireNonNull(tensors.get("in.perm"));
    }

    @Override
    double[] beta(double alpha, int n) {
      return requireNonNull(tensors.get("in.lam")).toDoubleArray();
    }

    @Override
    CutMix.Box box(double alpha, long width, long height) {
      long[] b =
          Golden.stream(golden.params().get("box_x1y1x2y2"))
              .mapToLong(e -> e.getAsLong())
              .toArray();
      return new CutMix.Box(b[0], b[1], b[2], b[3]);
    }
  }

  @Test
  void knowsEveryCase() {
    assertThat(batches()).hasSize(5);
  }

  @ParameterizedTest
  @MethodSource("batches")
  void mixesABatchAsFastai(Golden.Case c) {
    Map<String, Tensor> t = c.tensors();
    Tensor x = requireNonNull(t.get("in.x"));
    Tensor before = x.copy();
    boolean cut = c.params().get("tfm").getAsString().equals("CutMix");
    MixHandler mix =
        cut ? new CutMix(1, () -> new GivenDraws(c, t)) : new MixUp(1, () -> new GivenDraws(c, t));
    Map<String, Tensor> out = new HashMap<>();
    TensorDataset data = TensorDataset.of(x, requireNonNull(t.get("in.y")));
    Learner learn =
        Learner.builder(
                new DataLoaders(DataLoader.of(data, 6), DataLoader.of(data, 6)),
                new Given(requireNonNull(t.get("in.pred"))))
            .loss(loss(c.params().get("loss").getAsString()))
            .optimizer(SGD::new)
            .callback(mix)
            .callback(
                Callback.on(
                    Event.AFTER_BACKWARD,
                    l -> {
                      out.put("out.x", l.batch().x().copy());
                      out.put("out.y", l.batch().y().copy());
                      out.put("out.loss", Tensor.scalar(l.loss()));
                      out.put("out.grad.pred", l.model().parameters().get(0).grad().copy());
                      out.replaceAll((name, tensor) -> Scope.keep(tensor));
                    }))
            .quiet()
            .build();
    learn.fit(1, 0);
    out.put(
        "out.lam", mix.mix(x, requireNonNull(t.get("in.perm")), 1, new GivenDraws(c, t)).share());
    c.outputs()
        .forEach(
            name ->
                c.check(name, requireNonNull(out.get(name), name), requireNonNull(t.get(name))));
    TensorAssert.assertThat(x).isCloseTo(before, 0, 0);
  }

  private static Loss loss(String name) {
    return switch (name) {
      case "CrossEntropyLossFlat" -> new CrossEntropyLoss();
      case "LabelSmoothingCrossEntropyFlat" -> new LabelSmoothingCrossEntropy();
      case "BCEWithLogitsLossFlat" -> new BCEWithLogitsLoss();
      default -> throw new AssertionError(name);
    };
  }

  @Test
  void cutsTheBoxesOfFastai() {
    Golden.Case c =
        Golden.cases("mix", "vision").stream()
            .filter(x -> x.name().equals(BOXES))
            .findFirst()
            .orElseThrow();
    Map<String, Tensor> t = c.tensors();
    List<double[]> boxes = new ArrayList<>();
    for (Tensor row : requireNonNull(t.get("in.lam_cx_cy_W_H")).rows()) {
      double[] d = row.toDoubleArray();
      CutMix.Box b = CutMix.Box.of(d[0], (long) d[1], (long) d[2], (long) d[3], (long) d[4]);
      boxes.add(new double[] {b.x1(), b.y1(), b.x2(), b.y2()});
    }
    c.check(
        "out.box_x1y1x2y2",
        Tensor.of((Object) boxes.toArray(double[][]::new)),
        requireNonNull(t.get("out.box_x1y1x2y2")));
  }

  private static Learner.Builder images() {
    Torch.manualSeed(2);
    TensorDataset data = TensorDataset.of(Tensor.rand(24, 1, 4, 4), Tensor.arange(24).remainder(3));
    return Learner.builder(
            new DataLoaders(DataLoader.of(data, 8), DataLoader.of(data, 8)),
            new Sequential(new Flatten(), new Linear(16, 3)))
        .loss(new CrossEntropyLoss())
        .optimizer(SGD::new)
        .quiet();
  }

  @Test
  void mixesForTrainingOnlyAndPutsTheLossBack() {
    Learner learn = images().callback(new MixUp()).build();
    Loss loss = learn.lossFunction();
    List<Boolean> mixed = new ArrayList<>();
    learn.addCallback(Callback.on(Event.AFTER_PRED, l -> mixed.add(l.lossFunction() != loss)));
    learn.fit(1, 0.1);
    assertThat(mixed).containsExactly(true, true, true, false, false, false);
    assertThat(learn.lossFunction()).isSameAs(loss);
  }

  @Test
  void putsTheLossBackHoweverTheTrainingEnds() {
    for (RuntimeException e :
        List.of(
            new CancelException.Batch(),
            new CancelException.Train(),
            new CancelException.Epoch(),
            new CancelException.Fit(),
            new IllegalStateException("broken"))) {
      Learner learn = images().callback(new CutMix()).build();
      Loss loss = learn.lossFunction();
      learn.addCallback(
          Callback.on(
              Event.AFTER_LOSS,
              l -> {
                if (l.isTraining() && l.iteration() == 1) {
                  throw e;
                }
              }));
      try {
        learn.fit(2, 0.1);
      } catch (IllegalStateException broken) {
        assertThat(broken).isSameAs(e);
      }
      assertThat(learn.lossFunction()).as(e.toString()).isSameAs(loss);
    }
  }

  @Test
  void theSameSeedMixesAlike() {
    List<List<Double>> losses = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Learner learn = images().callback(new MixUp()).callback(new CutMix()).build();
      learn.fit(2, 0.1);
      losses.add(List.copyOf(learn.recorder().losses()));
    }
    assertThat(losses.get(0)).isEqualTo(losses.get(1));
  }

  @Test
  void takesAnItemsOwnShareAsFastaiOnAverage() {
    Torch.manualSeed(7);
    double[] lambdas = new Draws().beta(0.4, 100_000);
    assertThat(Arrays.stream(lambdas).map(l -> Math.max(l, 1 - l)).average().orElseThrow())
        .isCloseTo(0.840, within(0.002));
    // Beta(a, a) has mean 1/2 and variance 1 / (4 (2a + 1)).
    for (double alpha : new double[] {0.4, 1, 3}) {
      double[] draws = new Draws().beta(alpha, 100_000);
      double mean = Arrays.stream(draws).average().orElseThrow();
      double variance =
          Arrays.stream(draws).map(d -> (d - mean) * (d - mean)).average().orElseThrow();
      assertThat(mean).isCloseTo(0.5, within(0.005));
      assertThat(variance).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.002));
    }
  }

  @Test
  void refusesToCutWhatIsNoImageAndAnAlphaOfNone() {
    assertThatThrownBy(() -> new CutMix().mix(Tensor.ones(4, 3), Tensor.arange(4), 1, new Draws()))
        .hasMessage("CutMix: wants images [n, ..., h, w]; the batch is [4, 3]; MixUp takes any");
    assertThatThrownBy(() -> new MixUp(0)).hasMessage("MixUp: alpha is 0.0; use more than 0");
  }
}
