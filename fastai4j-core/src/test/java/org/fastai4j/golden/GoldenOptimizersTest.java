package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fastai4j.optim.Adam;
import org.fastai4j.optim.AdamW;
import org.fastai4j.optim.Lamb;
import org.fastai4j.optim.Larc;
import org.fastai4j.optim.Lookahead;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.QHAdam;
import org.fastai4j.optim.RAdam;
import org.fastai4j.optim.RMSProp;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer against fastai's and torch's, 25 steps; golden kind {@code optimizers}. */
class GoldenOptimizersTest {
  static List<Golden.Case> cases() {
    return Golden.cases("optimizers");
  }

  @Test
  void hasEveryCase() {
    assertThat(cases()).hasSize(58);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsRecordedGradients(Golden.Case c) {
    Map<String, Tensor> in = c.tensors();
    check(c, in, "out.p", (i, step, p) -> requireNonNull(in.get("in.g" + i)).get(step));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsGradientsThatDependOnWhereItIs(Golden.Case c) {
    Map<String, Tensor> in = c.tensors();
    double scale = c.params().get("closed_grad_scale").getAsDouble();
    check(
        c,
        in,
        "out.closed.p",
        (i, step, p) ->
            requireNonNull(in.get("in.h" + i))
                .mul(p.detach().sub(requireNonNull(in.get("in.target" + i))))
                .add(requireNonNull(in.get("in.noise" + i)).get(step))
                .mul(scale));
  }

  private interface Gradient {
    Tensor at(int parameter, int step, Tensor p);
  }

  private static void check(
      Golden.Case c, Map<String, Tensor> in, String output, Gradient gradient) {
    List<Tensor> parameters =
        IntStream.range(0, 3)
            .mapToObj(i -> requireNonNull(in.get("in.p" + i)).copy().requiresGrad_())
            .toList();
    Optimizer optimizer = optimizer(c, parameters);
    List<List<Tensor>> rows = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int step = 0; step < c.params().get("steps").getAsInt(); step++) {
      prepare(optimizer, c.params(), step);
      for (int i = 0; i < 3; i++) {
        Tensor p = parameters.get(i);
        if (p.requiresGrad()) {
          p.mul(gradient.at(i, step, p)).sum().backward();
        }
      }
      optimizer.step();
      optimizer.zeroGrad();
      for (int i = 0; i < 3; i++) {
        rows.get(i).add(parameters.get(i).detach().copy());
      }
    }
    for (int i = 0; i < 3; i++) {
      String name = output + i;
      c.check(name, Tensor.stack(rows.get(i)), requireNonNull(in.get(name), name));
    }
  }

  /** Freezes groups and sets hyper-parameters as the case says for this step. */
  private static void prepare(Optimizer optimizer, JsonObject params, int step) {
    if (!params.get("freeze").isJsonNull()) {
      for (JsonElement e : params.getAsJsonArray("freeze")) {
        if (e.getAsJsonArray().get(0).getAsInt() == step) {
          optimizer.freezeTo(e.getAsJsonArray().get(1).getAsInt());
        }
      }
    }
    if (!params.get("per_step").isJsonNull()) {
      params
          .getAsJsonObject("per_step")
          .asMap()
          .forEach(
              (name, values) -> {
                JsonElement value = values.getAsJsonArray().get(step);
                if (value.isJsonArray()) {
                  optimizer.setHypers(
                      name, Golden.stream(value).mapToDouble(JsonElement::getAsDouble).toArray());
                } else {
                  optimizer.setHyper(name, value.getAsDouble());
                }
              });
    }
  }

  private static Optimizer optimizer(Golden.Case c, List<Tensor> parameters) {
    JsonObject hypers = c.params().getAsJsonObject("hypers");
    double lr = hypers.get("lr").getAsDouble();
    boolean torch = c.params().has("lib") && c.params().get("lib").getAsString().equals("torch");
    Optimizer optimizer =
        switch (c.params().get("opt").getAsString()) {
          case "SGD" -> sgd(new SGD(parameters, lr), hypers);
          case "RMSProp" -> new RMSProp(parameters, lr);
          case "RMSprop" ->
              hypers.has("centered")
                  ? new RMSProp(parameters, lr).centered()
                  : new RMSProp(parameters, lr);
          case "Adam" ->
              adam(
                  torch ? new Adam(parameters, lr, 0.9, 0.999, 1e-8, 0) : new Adam(parameters, lr),
                  hypers);
          case "AdamW" -> adam(new AdamW(parameters, lr), hypers);
          case "RAdam" -> new RAdam(parameters, lr);
          case "QHAdam" -> new QHAdam(parameters, lr);
          case "Lamb" -> new Lamb(parameters, lr);
          case "Larc" -> hypers.has("clip") ? Larc.lars(parameters, lr) : new Larc(parameters, lr);
          case "Lookahead(RAdam)" ->
              new Lookahead(
                  new RAdam(parameters, lr),
                  hypers.get("k").getAsInt(),
                  hypers.get("alpha").getAsDouble());
          case "Lookahead(SGD)" ->
              new Lookahead(
                  new SGD(parameters, lr),
                  hypers.get("k").getAsInt(),
                  hypers.get("alpha").getAsDouble());
          case "ranger" -> Lookahead.ranger(parameters, lr);
          default -> throw new AssertionError(c.params().get("opt"));
        };
    if (torch && optimizer.getClass() != AdamW.class) {
      optimizer.decoupleWd(false);
    }
    hypers
        .asMap()
        .forEach(
            (name, value) -> {
              switch (name) {
                case "clip", "k", "amsgrad", "centered", "dampening", "nesterov" -> {}
                case "decouple_wd" -> optimizer.decoupleWd(value.getAsBoolean());
                case "weight_decay" -> optimizer.setHyper("wd", value.getAsDouble());
                case "momentum" -> optimizer.setHyper("mom", value.getAsDouble());
                case "alpha" -> {
                  if (torch) { // otherwise Lookahead's
                    optimizer.setHyper("sqr_mom", value.getAsDouble());
                  }
                }
                case "betas" -> {
                  optimizer.setHyper("mom", value.getAsJsonArray().get(0).getAsDouble());
                  optimizer.setHyper("sqr_mom", value.getAsJsonArray().get(1).getAsDouble());
                }
                default -> optimizer.setHyper(name, value.getAsDouble());
              }
            });
    if (c.params().has("quirk")) { // what fastai was given did not count
      optimizer.setHyper("eps", 1e-8);
    }
    optimizer.withoutDecay(at(parameters, c.params().get("no_wd")));
    if (!c.params().get("groups").isJsonNull()) {
      optimizer.withGroups(
          Golden.stream(c.params().get("groups")).map(g -> at(parameters, g)).toList());
    }
    return optimizer;
  }

  private static SGD sgd(SGD sgd, JsonObject hypers) {
    if (hypers.has("dampening")) {
      sgd.dampening(hypers.get("dampening").getAsDouble());
    }
    return hypers.has("nesterov") ? sgd.nesterov() : sgd;
  }

  private static Adam adam(Adam adam, JsonObject hypers) {
    return hypers.has("amsgrad") ? adam.amsgrad() : adam;
  }

  private static List<Tensor> at(List<Tensor> parameters, JsonElement positions) {
    return Golden.stream(positions).map(JsonElement::getAsInt).map(parameters::get).toList();
  }

  @Test
  void keepsAMomentumThatBelongsToNoScope() {
    Tensor p = Tensor.ones(2).requiresGrad_();
    SGD sgd = new SGD(List.of(p), 0.1, 0.9, 0);
    for (int i = 0; i < 3; i++) {
      Scope.run(
          () -> {
            p.sum().backward();
            sgd.step();
            sgd.zeroGrad();
          });
    }
    // G = 1, 1.9, 2.71
    assertThat(p.toDoubleArray()[0]).isCloseTo(1 - 0.561, within(1e-6));
  }
}
