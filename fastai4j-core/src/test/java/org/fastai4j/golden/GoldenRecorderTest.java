package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Recorder;
import org.fastai4j.metrics.Metric;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.BatchNorm1d;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Loss;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.Adam;
import org.fastai4j.optim.OptimizerFunction;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole fits against fastai's {@code Learner} and {@code Recorder}; golden kind recorder. */
class GoldenRecorderTest {
  static List<Golden.Case> smoothed() {
    return cases("smooth_loss");
  }

  static List<Golden.Case> fits() {
    return cases("fit");
  }

  private static List<Golden.Case> cases(String prefix) {
    return Golden.cases("recorder").stream().filter(c -> shortName(c).startsWith(prefix)).toList();
  }

  @Test
  void runsEveryCase() {
    assertThat(Golden.cases("recorder")).hasSize(13);
    assertThat(smoothed()).hasSize(5);
    assertThat(fits()).hasSize(8);
  }

  @ParameterizedTest
  @MethodSource("smoothed")
  void smoothsTheTrainingLoss(Golden.Case c) {
    Map<String, Tensor> in = c.tensors();
    Tensor losses = requireNonNull(in.get("in.losses"));
    TensorDataset data = TensorDataset.of(losses.toFloat().unsqueeze(1), losses);
    Learner learn =
        Learner.builder(
                new DataLoaders(DataLoader.of(data, 1), DataLoader.of(data, 1)), new Linear(1, 1))
            .loss((preds, targets) -> preds.mul(0).sum().add(targets.sum()))
            .recorder(new Recorder().withBeta(c.params().get("beta").getAsDouble()))
            .quiet()
            .build();
    learn.fit(1, 0);
    c.check("out.smooth", doubles(learn.recorder().losses()), requireNonNull(in.get("out.smooth")));
  }

  @ParameterizedTest
  @MethodSource("fits")
  void fitsAsFastai(Golden.Case c) {
    Map<String, Tensor> in = c.tensors();
    Module model = model(c.params().get("model").getAsString());
    model.loadStateDict(state(in));
    boolean classes = c.params().get("loss").getAsString().equals("cross_entropy");
    Loss loss = classes ? Functional::crossEntropy : Functional::mseLoss;
    List<Double> rawLosses = new ArrayList<>();
    Learner.Builder builder =
        Learner.builder(
                new DataLoaders(
                    train(c, in),
                    DataLoader.of(
                        data(in, "_valid"), c.params().get("valid_batch_size").getAsInt())),
                model)
            .loss(loss)
            .optimizer(optimizer(c.params().get("opt").getAsString()))
            .callback(
                new Callback() {
                  @Override
                  public void beforeFit(Learner learn) {
                    rawLosses.clear();
                  }

                  @Override
                  public void afterLoss(Learner learn) {
                    if (learn.isTraining()) {
                      rawLosses.add(learn.loss());
                    }
                  }
                })
            .recorder(recorder(c))
            .quiet();
    if (c.params().has("wd")) {
      builder.wd(c.params().get("wd").getAsDouble());
    }
    if (c.params().has("wd_bn_bias")) {
      builder.decayNormsAndBiases();
    }
    Golden.stream(c.params().get("metrics"))
        .map(JsonElement::getAsString)
        .forEach(name -> builder.metric(metric(name)));
    Learner learn = builder.build();

    JsonElement lr = c.params().get("lr");
    int epochs = c.params().get("epochs").getAsInt();
    if (lr.isJsonArray()) {
      Golden.stream(lr).forEach(each -> learn.fit(epochs, each.getAsDouble()));
    } else if (c.params().get("call").getAsString().equals("fit_one_cycle")) {
      learn.fitOneCycle(epochs, lr.getAsDouble());
    } else {
      learn.fit(epochs, lr.getAsDouble());
    }

    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("out.losses", doubles(learn.recorder().losses()));
    out.put("out.raw_losses", doubles(rawLosses));
    out.put("out.lrs", doubles(learn.recorder().lrs()));
    out.put("out.iters", Tensor.of(learn.recorder().iters()));
    out.put(
        "out.values",
        Tensor.stack(learn.recorder().values().stream().map(GoldenRecorderTest::doubles).toList()));
    model.stateDict().forEach((name, p) -> out.put("out.param." + name, p));
    assertThat(out.keySet()).containsExactlyInAnyOrderElementsOf(c.outputs());
    out.forEach((name, actual) -> c.check(name, actual, requireNonNull(in.get(name), name)));
    assertThat(learn.recorder().metricNames())
        .containsExactlyElementsOf(
            Golden.stream(c.params().get("metric_names")).map(JsonElement::getAsString).toList());
  }

  private static DataLoader<Batch> train(Golden.Case c, Map<String, Tensor> in) {
    DataLoader<Batch> batches =
        DataLoader.of(data(in, ""), c.params().get("batch_size").getAsInt());
    return c.params().get("drop_last").getAsBoolean() ? batches.dropLast() : batches;
  }

  private static Recorder recorder(Golden.Case c) {
    Recorder recorder = new Recorder();
    if (!c.params().has("recorder")) {
      return recorder;
    }
    JsonObject options = c.params().get("recorder").getAsJsonObject();
    if (options.has("beta")) {
      recorder.withBeta(options.get("beta").getAsDouble());
    }
    return options.has("train_metrics") ? recorder.withTrainMetrics() : recorder;
  }

  private static Module model(String name) {
    return switch (name) {
      case "Linear(4,1)" -> new Linear(4, 1);
      case "Sequential(Linear(4,6), ReLU, Linear(6,3))" ->
          new Sequential(new Linear(4, 6), new ReLU(), new Linear(6, 3));
      default -> new Normed();
    };
  }

  /** Two linear layers with batch normalization between them. */
  private static final class Normed extends Module {
    private final Linear lin1 = child("lin1", Linear.withoutBias(4, 6));
    private final BatchNorm1d bn = child("bn", new BatchNorm1d(6));
    private final Linear lin2 = child("lin2", new Linear(6, 3));

    @Override
    public Tensor forward(Tensor x) {
      return lin2.forward(bn.forward(lin1.forward(x)).relu());
    }
  }

  private static OptimizerFunction optimizer(String name) {
    return switch (name) {
      case "fastai SGD (mom 0)" -> SGD::new;
      case "fastai Adam (defaults)" -> Adam::new;
      case "fastai Adam(wd=0)" -> (p, lr) -> new Adam(p, lr, 0.9, 0.99, 1e-5, 0);
      default -> throw new AssertionError(name);
    };
  }

  private static Metric metric(String name) {
    return switch (name) {
      case "accuracy" -> Metrics.accuracy();
      case "error_rate" -> Metrics.errorRate();
      case "mae" -> Metrics.mae();
      case "mse" -> Metrics.mse();
      default -> throw new AssertionError(name);
    };
  }

  private static TensorDataset data(Map<String, Tensor> in, String suffix) {
    return TensorDataset.of(
        requireNonNull(in.get("in.x" + suffix)), requireNonNull(in.get("in.y" + suffix)));
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

  private static String shortName(Golden.Case c) {
    return c.name().substring(c.name().indexOf('/') + 1);
  }
}
