package org.fastai4j.golden;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.fastai4j.tensor.Autograd.noGrad;
import static org.fastai4j.tensor.Index.all;
import static org.fastai4j.tensor.Index.newAxis;
import static org.fastai4j.tensor.Index.range;
import static org.fastai4j.tensor.Index.to;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Index;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses, gradients and training loops against PyTorch's: golden kind {@code autograd}. */
class GoldenAutogradTest {
  /** The tensors of a case by their short names, and what it gives beside its gradients. */
  private record Run(Map<String, Tensor> in, Map<String, Tensor> out) {
    Tensor get(String name) {
      return requireNonNull(in.get("in." + name), name);
    }

    void put(String name, Tensor value) {
      out.put("out." + name, value);
    }
  }

  /** What is computed, from {@code params.expr}, to the loss that is differentiated. */
  private static final Map<String, Function<Run, Tensor>> LOSSES =
      Map.ofEntries(
          entry("mnist_loss_two_layer", GoldenAutogradTest::mnistLossTwoLayer),
          entry("conv_bn_relu_pool_linear_ce", r -> convolutional(r, 1)),
          entry("conv_bn_relu_avgpool_linear_ce", r -> convolutional(r, 2)),
          entry("broadcast_composite", GoldenAutogradTest::broadcastComposite),
          entry("elementwise_composite", GoldenAutogradTest::elementwiseComposite),
          entry("indexing_composite", GoldenAutogradTest::indexingComposite),
          entry("kinks", GoldenAutogradTest::kinks),
          entry("attention", GoldenAutogradTest::attention),
          entry("log_softmax_nll", GoldenAutogradTest::logSoftmaxNll),
          entry("reductions", GoldenAutogradTest::reductions),
          entry("shape_ops", GoldenAutogradTest::shapeOps),
          entry("matmul_broadcast", GoldenAutogradTest::matmulBroadcast),
          entry("cdist_grad", GoldenAutogradTest::cdistGrad));

  static List<Golden.Case> cases() {
    return Golden.cases("autograd");
  }

  @Test
  void hasAllEighteenCases() {
    assertThat(cases()).hasSize(18);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Golden.Case c) {
    Run run = new Run(c.tensors(), new HashMap<>());
    String name = c.name().substring(c.name().indexOf('/') + 1);
    if (LOSSES.containsKey(name)) {
      differentiate(run, c, requireNonNull(LOSSES.get(name)));
    } else {
      switch (name) {
        case "quadratic_mse" -> quadratic(run, c, mse -> mse);
        case "quadratic_rmse" -> quadratic(run, c, mse -> mse.pow(0.5));
        case "linear_regression_loop" -> linearRegression(run, c);
        case "bookkeeping" -> bookkeeping(run);
        case "errors" -> errors(c);
        default -> fail("no code for " + name);
      }
    }
    run.out().forEach((out, value) -> c.check(out, value, requireNonNull(run.in().get(out), out)));
    assertThat(run.out().keySet()).isEqualTo(new HashSet<>(c.outputs()));
  }

  private static void differentiate(Run r, Golden.Case c, Function<Run, Tensor> loss) {
    List<String> wanted =
        Golden.stream(c.params().get("grads")).map(JsonElement::getAsString).toList();
    wanted.forEach(name -> r.get(name).requiresGrad_());
    Tensor l = loss.apply(r);
    l.backward();
    r.put("loss", l);
    wanted.forEach(name -> r.put("grad." + name, r.get(name).grad()));
  }

  private static Tensor mnistLossTwoLayer(Run r) {
    Tensor res = r.get("x").matmul(r.get("w1")).add(r.get("b1"));
    res = res.maximum(Tensor.zeros());
    res = res.matmul(r.get("w2")).add(r.get("b2"));
    r.put("preds", res);
    Tensor p = res.sigmoid();
    return Tensor.where(r.get("y").eq(1), p.rsub(1), p).mean();
  }

  private static Tensor convolutional(Run r, long stride) {
    long[] one = {1, 1};
    Tensor x =
        r.get("x")
            .conv2d(r.get("conv_w"), r.get("conv_b"), new long[] {stride, stride}, one, one, 1);
    x =
        x.batchNorm(
            r.get("bn_w"), r.get("bn_b"), r.get("bn_mean"), r.get("bn_var"), true, 0.1, 1e-5);
    x = x.relu();
    x = stride == 1 ? x.maxPool2d(2, 2, 0) : x.adaptiveAvgPool2d(1, 1);
    Tensor logits = x.flatten(1, -1).linear(r.get("lin_w"), r.get("lin_b"));
    r.put("logits", logits);
    r.put("running_mean", r.get("bn_mean"));
    r.put("running_var", r.get("bn_var"));
    return logits.crossEntropy(r.get("y"));
  }

  private static Tensor broadcastComposite(Run r) {
    return r.get("a").mul(r.get("b")).add(r.get("c")).div(r.get("d").exp().add(1)).pow(2).mean();
  }

  private static Tensor elementwiseComposite(Run r) {
    Tensor a = r.get("a");
    Tensor b = r.get("b");
    Tensor p = r.get("p");
    return a.tanh()
        .mul(b.sigmoid())
        .add(p.log().mul(p.sqrt()))
        .sub(a.gelu().div(p))
        .add(b.abs())
        .add(a.softplus())
        .add(a.sin().mul(b.cos()))
        .add(p.pow(1.5))
        .add(Tensor.pow(2, a))
        .add(a.atan2(p))
        .add(b.leakyRelu(0.1))
        .add(a.elu())
        .sum();
  }

  private static Tensor indexingComposite(Run r) {
    Tensor x = r.get("x");
    Tensor idx = r.get("idx");
    Tensor mask = r.get("mask");
    Tensor rowMask = mask.get(all(), newAxis());
    return x.get(idx)
        .pow(2)
        .sum()
        .add(x.get(range(1, 4), to(2)).mul(3).sum())
        .add(x.gather(1, r.get("g")).sum())
        .add(x.indexSelect(0, idx).exp().mean())
        .add(x.get(mask).sum().mul(2))
        .add(Tensor.where(rowMask, x, x.neg()).mean())
        .add(x.maskedFill(rowMask, 1).pow(3).sum());
  }

  private static Tensor kinks(Run r) {
    Tensor x = r.get("x");
    return x.relu()
        .add(x.abs())
        .add(x.clamp(-1, 1).mul(2))
        .add(x.maximum(r.get("y")).mul(3))
        .add(x.minimum(Tensor.zeros()).mul(5))
        .sum();
  }

  private static Tensor attention(Run r) {
    Tensor q = r.get("q");
    Tensor scores = q.matmul(r.get("k").transpose(-2, -1)).div(Math.sqrt((double) q.size(-1)));
    Tensor o = scores.softmax(-1).matmul(r.get("v"));
    r.put("o", o);
    return o.pow(2).mean();
  }

  private static Tensor logSoftmaxNll(Run r) {
    Tensor x = r.get("x");
    Tensor picked = x.logSoftmax(1).get(Index.of(Tensor.arange(x.size(0))), Index.of(r.get("y")));
    return picked.mean().neg().add(x.logsumexp(1).mean().mul(0.1));
  }

  private static Tensor reductions(Run r) {
    Tensor x = r.get("x");
    return x.mean(0, 2)
        .pow(2)
        .sum()
        .add(x.std(1).sum())
        .add(x.varBiased(0, 1).sum())
        .add(x.prod(2).sum().mul(0.1))
        .add(x.norm(2))
        .add(x.max(1).values().sum())
        .add(x.min().mul(2))
        .add(x.amax(0, 2).pow(2).sum())
        .add(x.sumKeepDim(0).abs().mean());
  }

  private static Tensor shapeOps(Run r) {
    Tensor a = r.get("a");
    Tensor b = r.get("b");
    return Tensor.cat(List.of(a, b), 1)
        .mul(r.get("w1"))
        .sum()
        .add(Tensor.stack(List.of(a, b)).mul(r.get("w2")).sum())
        .add(a.t().matmul(b).pow(2).sum())
        .add(a.get(newAxis()).expand(3, -1, -1).mul(r.get("w3")).sum())
        .add(a.flip(0).mul(b).sum())
        .add(a.roll(new long[] {1}, 1).mul(b).sum())
        .add(a.cumsum(0).mul(b).sum())
        .add(a.split(new long[] {1, a.size(0) - 1}, 0).get(1).pow(2).sum())
        .add(a.pad(new long[] {1, 2, 0, 1}, 0).pow(3).sum())
        .add(a.tril(0).sum());
  }

  private static Tensor matmulBroadcast(Run r) {
    Tensor a = r.get("A");
    Tensor b = r.get("B");
    Tensor u = r.get("u");
    return a.matmul(b)
        .tanh()
        .sum()
        .add(a.get(0, 0).matmul(r.get("v")).pow(2).sum())
        .add(u.matmul(b.get(1)).sum())
        .add(u.dot(u));
  }

  private static Tensor cdistGrad(Run r) {
    Tensor a = r.get("a");
    Tensor b = r.get("b");
    return a.cdist(b, 1).sum().mul(0.5).add(a.cdist(b, 2).pow(2).mean());
  }

  private static void quadratic(Run r, Golden.Case c, Function<Tensor, Tensor> loss) {
    Tensor t = r.get("time");
    Tensor params = r.get("params").requiresGrad_();
    List<Tensor> rows = new ArrayList<>(List.of(params.detach().copy()));
    List<Tensor> losses = new ArrayList<>();
    List<Tensor> grads = new ArrayList<>();
    List<Tensor> preds = new ArrayList<>();
    double lr = c.params().get("lr").getAsDouble();
    for (int i = 0; i < c.params().get("steps").getAsInt(); i++) {
      Tensor p = params.get(0).mul(t.pow(2)).add(params.get(1).mul(t)).add(params.get(2));
      Tensor l = loss.apply(p.sub(r.get("speed")).pow(2).mean());
      l.backward();
      preds.add(p.detach());
      losses.add(l.detach());
      grads.add(params.grad().copy());
      noGrad(() -> params.sub_(params.grad().mul(lr)));
      params.zeroGrad();
      rows.add(params.detach().copy());
    }
    r.put("params", Tensor.stack(rows));
    r.put("losses", Tensor.stack(losses));
    r.put("grads", Tensor.stack(grads));
    r.put("preds", Tensor.stack(preds));
  }

  private static void linearRegression(Run r, Golden.Case c) {
    Tensor w = r.get("w").requiresGrad_();
    Tensor b = r.get("b").requiresGrad_();
    double lr = c.params().get("lr").getAsDouble();
    List<Tensor> ws = new ArrayList<>();
    List<Tensor> bs = new ArrayList<>();
    List<Tensor> losses = new ArrayList<>();
    for (int i = 0; i < c.params().get("steps").getAsInt(); i++) {
      Tensor loss = r.get("x").matmul(w).add(b).mseLoss(r.get("y"));
      loss.backward();
      for (Tensor p : List.of(w, b)) {
        noGrad(() -> p.sub_(p.grad(), lr));
        p.grad().zero_();
      }
      ws.add(w.detach().copy());
      bs.add(b.detach().copy());
      losses.add(loss.detach());
    }
    r.put("w", Tensor.stack(ws));
    r.put("b", Tensor.stack(bs));
    r.put("losses", Tensor.stack(losses));
  }

  private static void bookkeeping(Run r) {
    Tensor x = r.get("x").requiresGrad_();
    x.pow(2).sum().backward();
    r.put("grad_first", x.grad().copy());
    x.mul(3).sum().backward();
    r.put("grad_accumulated", x.grad().copy());
    x.zeroGrad();
    x.detach().mul(x).sum().backward();
    r.put("grad_detach", x.grad().copy());
    x.zeroGrad();
    Tensor y = x.mul(2);
    y.mul(y).add(y).sum().backward();
    r.put("grad_reused_node", x.grad().copy());
    x.zeroGrad();
    Tensor cubed = x.pow(3).sum();
    cubed.backwardRetainingGraph();
    cubed.backward();
    r.put("grad_retained_twice", x.grad().copy());
    x.zeroGrad();
    x.pow(2).backward(x.detach().onesLike().mul(0.5));
    r.put("grad_with_vector", x.grad().copy());
    noGrad(() -> x.sub_(x.grad().mul(0.1)));
    r.put("after_no_grad_step", x.detach().copy());
    Tensor first = Autograd.grad(x.pow(3).sum(), List.of(x), true).get(0);
    r.put("second_derivative", Autograd.grad(first.sum(), List.of(x), false).get(0));
  }

  private static void errors(Golden.Case c) {
    Map<String, Runnable> calls =
        Map.of(
            "non_scalar", () -> leaf().mul(2).backward(),
            "no_grad_fn", () -> Tensor.ones(3).sum().backward(),
            "second_backward",
                () -> {
                  Tensor l = leaf().pow(2).sum();
                  l.backward();
                  l.backward();
                },
            "leaf_inplace", () -> leaf().add_(1),
            "stale_saved_tensor",
                () -> {
                  Tensor y = leaf().exp();
                  Tensor z = y.sum();
                  y.add_(1);
                  z.backward();
                });
    List<JsonElement> errors = c.params().getAsJsonArray("errors").asList();
    assertThat(errors).hasSameSizeAs(calls.keySet());
    for (JsonElement e : errors) {
      JsonObject error = e.getAsJsonObject();
      String id = error.get("id").getAsString();
      assertThatThrownBy(() -> requireNonNull(calls.get(id), id).run())
          .as(id)
          .isInstanceOf(TensorException.class)
          .hasMessageContaining(error.get("match").getAsString())
          .hasMessageNotContaining("Exception raised from");
    }
  }

  private static Tensor leaf() {
    return Tensor.ones(3).requiresGrad_();
  }
}
