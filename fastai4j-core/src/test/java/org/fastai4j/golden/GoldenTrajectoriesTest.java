package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.fastai4j.tensor.Autograd.noGrad;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.LRFind;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Metric;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.LabelSmoothingCrossEntropy;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Loss;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.Adam;
import org.fastai4j.optim.LRSuggestion;
import org.fastai4j.optim.Lookahead;
import org.fastai4j.optim.OptimizerFunction;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.Golden;
import org.fastai4j.testkit.RealMnist;
import org.fastai4j.vision.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings on the real images, against fastai's numbers; golden kind trajectories. */
class GoldenTrajectoriesTest {
  private static final int THREES = 6131;
  private static final int VALID_THREES = 1010;

  private record Setup(Module model, boolean image, Loss loss, OptimizerFunction optimizer) {}

  private static Setup setup(String name) {
    return switch (name) {
      case "linear" ->
          new Setup(new Linear(784, 1), false, GoldenTrajectoriesTest::mnistLoss, SGD::new);
      case "simple_net" ->
          new Setup(simpleNet(), false, GoldenTrajectoriesTest::mnistLoss, SGD::new);
      case "cnn_adam", "cnn_one_cycle" ->
          new Setup(cnn(), true, Functional::crossEntropy, Adam::new);
      case "cnn_torch_adam" ->
          new Setup(
              cnn(),
              true,
              Functional::crossEntropy,
              (p, lr) -> new Adam(p, lr, 0.9, 0.999, 1e-8, 0));
      default -> throw new AssertionError(name);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "simple_net", "cnn_adam", "cnn_torch_adam", "cnn_one_cycle"})
  void trainsStepByStepAsFastai(String name) {
    Golden.Case c =
        RealMnist.cases("trajectories").stream()
            .filter(each -> each.name().equals("trajectories/" + name))
            .findFirst()
            .orElseThrow();
    Map<String, Tensor> in = c.tensors();
    Setup setup = setup(name);
    Module model = setup.model();
    model.loadStateDict(state(in));
    TensorDataset valid = data("valid", VALID_THREES, setup.image());
    int batchSize = c.params().get("batch_size").getAsInt();
    long[][] orders =
        requireNonNull(in.get("in.orders")).rows().stream()
            .map(Tensor::toLongArray)
            .toArray(long[][]::new);
    List<Double> losses = new ArrayList<>();
    Learner learn =
        Learner.builder(
                new DataLoaders(
                    DataLoader.of(data("train", THREES, setup.image()), batchSize).inOrder(orders),
                    DataLoader.of(valid, batchSize)),
                model)
            .loss(setup.loss())
            .optimizer(setup.optimizer())
            .metric(setup.image() ? Metrics.accuracy() : batchAccuracy())
            .callback(
                new Callback() {
                  @Override
                  public void afterLoss(Learner l) {
                    if (l.isTraining()) {
                      losses.add(l.loss());
                    }
                  }
                })
            .quiet()
            .build();
    double lr = c.params().get("lr").getAsDouble();
    boolean oneCycle = name.endsWith("one_cycle");
    oneThread(
        () -> {
          if (oneCycle) {
            learn.fitOneCycle(orders.length, lr);
          } else {
            learn.fit(orders.length, lr);
          }
        });

    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("out.losses", doubles(losses));
    out.put("out.smooth_losses", doubles(learn.recorder().losses()));
    out.put(
        "out.epoch_losses",
        Tensor.stack(
            List.of(doubles(learn.recorder().itemgot(0)), doubles(learn.recorder().itemgot(1))),
            1));
    out.put("out.epoch_accuracy", doubles(learn.recorder().itemgot(2)));
    out.put("out.accuracy", Tensor.scalar(learn.recorder().itemgot(2).get(orders.length - 1)));
    out.put("out.valid_preds", noGrad(() -> model.forward(valid.x())));
    model.namedParameters().forEach((param, p) -> out.put("out.param." + param, p));
    assertThat(out.keySet()).containsExactlyInAnyOrderElementsOf(c.outputs());
    out.forEach((output, actual) -> c.check(output, actual, requireNonNull(in.get(output))));
  }

  /** Golden run G1: a linear model from zero, item {@code 7919 i mod n} at position i. */
  @Test
  void reachesTheNumbersOfTheLinearRun() {
    Linear model = new Linear(784, 1);
    noGrad(
        () -> {
          model.weight().zero_();
          model.bias().zero_();
        });
    Learner learn = strided(model, SGD::new);
    oneThread(() -> learn.fit(3, 1.0));
    assertRows(
        learn,
        "0.057524 0.041443 0.971050",
        "0.039574 0.034628 0.974975",
        "0.031982 0.031386 0.975466");
    assertThat(learn.recorder().losses()).hasSize(147);
    assertThat(model.bias().item()).isCloseTo(-0.258258, within(1e-4));
    assertThat(model.weight().sum().item()).isCloseTo(6.98469, within(1e-2));
  }

  /** Golden run G3: two layers from sines, Adam and one cycle. */
  @Test
  void reachesTheNumbersOfTheOneCycleRun() {
    Sequential model = sineNet();
    Learner learn = strided(model, Adam::new);
    oneThread(() -> learn.fitOneCycle(2, 0.01));
    assertRows(learn, "0.116845 0.024074 0.979882", "0.044423 0.022607 0.979882");
    List<Double> lrs = learn.recorder().lrs();
    assertThat(lrs.subList(0, 3))
        .usingElementComparator(near(1e-8))
        .containsExactly(0.0004, 0.000439408, 0.000556985);
    assertThat(lrs.get(lrs.size() - 1)).isCloseTo(4.6666e-06, within(1e-10));
    assertThat(learn.recorder().hps()).containsOnlyKeys("lr", "mom");
  }

  /** Golden run G4: the search for a learning rate, which leaves everything as it was. */
  @Test
  void findsTheLearningRatesOfTheSearch() {
    Sequential model = sineNet();
    Learner learn = strided(model, SGD::new);
    Tensor before = requireNonNull(model.stateDict().get("0.weight")).detach().copy();
    oneThread(
        () -> {
          LRFind found = learn.lrFind();
          assertThat(found.lrs()).hasSize(100);
          assertThat(found.losses().get(0)).isCloseTo(0.499673, within(1e-4));
          assertThat(found.losses().get(99)).isCloseTo(0.365282, within(1e-3));
          assertThat(found.suggest(LRSuggestion.MINIMUM)).isCloseTo(0.331131, within(1e-6));
          assertThat(found.valley()).isCloseTo(0.00524807, within(1e-8));
        });
    assertThat(requireNonNull(model.stateDict().get("0.weight")).eq(before).all().item())
        .isEqualTo(1);
    assertThat(learn.recorder().losses()).isEmpty();
  }

  private static Comparator<Double> near(double distance) {
    return (a, b) -> Math.abs(a - b) <= distance ? 0 : Double.compare(a, b);
  }

  private static Sequential sineNet() {
    Sequential model = simpleNet();
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("0.weight", sines(0, 30, 784));
    state.put("0.bias", Tensor.zeros(30));
    state.put("2.weight", sines(2, 1, 30));
    state.put("2.bias", Tensor.zeros(1));
    model.loadStateDict(state);
    return model;
  }

  /** Golden run G2: the chapter's two layers from sines. */
  @Test
  void reachesTheNumbersOfTheTwoLayerRun() {
    Sequential model = sineNet();
    Learner learn = strided(model, SGD::new);
    oneThread(() -> learn.fit(5, 0.1));
    assertRows(
        learn,
        "0.296451 0.130473 0.945535",
        "0.140356 0.063624 0.960746",
        "0.082676 0.050140 0.965162",
        "0.057682 0.043842 0.967615",
        "0.045480 0.040004 0.969578");
  }

  /** Golden run G5: a linear classifier, Adam and one cycle. */
  @Test
  void reachesTheNumbersOfTheClassifierRun() {
    Learner learn =
        classifier(Adam::new, new CrossEntropyLoss())
            .metric(Metrics.accuracy())
            .metric(Metrics.errorRate())
            .metric(Metrics.f1Score())
            .build();
    oneThread(() -> learn.fitOneCycle(1, 3e-3));
    assertRows(learn, "0.080517 0.081222 0.973013 0.026987 0.972813");
  }

  /** Golden run G6: the same, flat and then a cosine. */
  @Test
  void reachesTheNumbersOfTheFlatCosineRun() {
    Learner learn =
        classifier(Adam::new, new CrossEntropyLoss()).metric(Metrics.accuracy()).build();
    oneThread(() -> learn.fitFlatCos(1, 3e-3));
    assertRows(learn, "0.054936 0.060164 0.981845");
  }

  /** Golden run G7: the same with smoothed labels and ranger. */
  @Test
  void reachesTheNumbersOfTheRangerRun() {
    Learner learn =
        classifier(Lookahead::ranger, new LabelSmoothingCrossEntropy())
            .metric(Metrics.accuracy())
            .build();
    oneThread(() -> learn.fitFlatCos(1, 3e-3));
    assertRows(learn, "0.269212 0.263505 0.972031");
  }

  private static Learner.Builder classifier(OptimizerFunction optimizer, Loss loss) {
    Linear model = new Linear(784, 2);
    noGrad(
        () -> {
          model.weight().copy_(sines(0, 2, 784));
          model.bias().zero_();
        });
    TensorDataset train = data("train", THREES, false);
    TensorDataset valid = data("valid", VALID_THREES, false);
    return Learner.builder(
            new DataLoaders(
                DataLoader.of(train, 64).inOrder(strides(train)), DataLoader.of(valid, 64)),
            model)
        .loss(loss)
        .optimizer(optimizer)
        .quiet();
  }

  private static Tensor sines(int k, long rows, long columns) {
    float[] w = new float[(int) (rows * columns)];
    for (int j = 0; j < w.length; j++) {
      w[j] = (float) (0.05 * Math.sin(12.9898 * j + k));
    }
    return Tensor.of(w, rows, columns);
  }

  private static Learner strided(Module model, OptimizerFunction optimizer) {
    TensorDataset train = data("train", THREES, false);
    return Learner.builder(
            new DataLoaders(
                DataLoader.of(train, 256).inOrder(strides(train)),
                DataLoader.of(data("valid", VALID_THREES, false), 256)),
            model)
        .loss(GoldenTrajectoriesTest::mnistLoss)
        .optimizer(optimizer)
        .metric(batchAccuracy())
        .quiet()
        .build();
  }

  private static long[] strides(TensorDataset train) {
    long[] order = new long[(int) train.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i * 7919L % order.length;
    }
    return order;
  }

  /** Fits with one thread: several wait for each other where the machine is busy. */
  private static void oneThread(Runnable fit) {
    Torch.withNumThreads(
        1,
        () -> {
          fit.run();
          return true;
        });
  }

  private static void assertRows(Learner learn, String... rows) {
    assertThat(learn.recorder().values()).hasSize(rows.length);
    for (int i = 0; i < rows.length; i++) {
      String[] expected = rows[i].split(" ", -1);
      for (int column = 0; column < expected.length; column++) {
        assertThat(learn.recorder().values().get(i).get(column))
            .as("epoch %d, column %d", i, column)
            .isCloseTo(Double.parseDouble(expected[column]), within(1e-4));
      }
    }
  }

  private static TensorDataset data(String split, int threes, boolean image) {
    Tensor pixels = Images.stack(RealMnist.files(split)).toFloat().div(255);
    long n = pixels.size(0);
    return image
        ? TensorDataset.of(
            pixels.unsqueeze(1), Tensor.arange(n).ge(threes).toLong()) // class 0 is 3
        : TensorDataset.of(pixels.view(n, 784), Tensor.arange(n).lt(threes).toLong().unsqueeze(1));
  }

  private static Sequential simpleNet() {
    return new Sequential(new Linear(784, 30), new ReLU(), new Linear(30, 1));
  }

  private static Sequential cnn() {
    return new Sequential(
        conv(1, 4),
        conv(4, 8),
        conv(8, 16),
        conv(16, 32),
        new Conv2d(32, 2, 3, 2, 1),
        new Flatten());
  }

  private static Sequential conv(int in, int out) {
    return new Sequential(new Conv2d(in, out, 3, 2, 1), new ReLU());
  }

  private static Tensor mnistLoss(Tensor preds, Tensor targets) {
    Tensor p = preds.sigmoid();
    return Tensor.where(targets.eq(1), p.rsub(1), p).mean();
  }

  private static Metric batchAccuracy() {
    return Metric.of("batch_accuracy", (p, t) -> p.sigmoid().gt(0.5).eq(t).toFloat().mean());
  }

  private static Map<String, Tensor> state(Map<String, Tensor> in) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    in.forEach(
        (name, t) -> {
          if (name.startsWith("param.")) {
            state.put(name.substring("param.".length()), t);
          }
        });
    return state;
  }

  private static Tensor doubles(List<Double> values) {
    return Tensor.of(values.stream().mapToDouble(d -> d).toArray());
  }
}
