package org.fastai4j.golden;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.GradCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient of every differentiable operation against its slope. */
class GradientsTest {
  private static final long[] ONE = {1, 1};
  private static final long[] ONES = {1};
  private static final long[] TWO = {2, 2};
  private static final long[] NONE = {0, 0};

  private static final Map<String, Function<Tensor, Tensor>> OPS = new LinkedHashMap<>();

  static {
    OPS.put("add", x -> x.add(x.get(0), 2.5));
    OPS.put("sub", x -> x.sub(x.get(1), 3));
    OPS.put("mul", x -> x.mul(x.get(2)));
    OPS.put("div", x -> x.div(x.get(0).square().add(1)));
    OPS.put("rsub", x -> x.rsub(1));
    OPS.put("rdiv", x -> positive(x).rdiv(2));
    OPS.put("pow", x -> positive(x).pow(x));
    OPS.put("powOfANumber", x -> Tensor.pow(2, x));
    OPS.put("remainder", x -> x.remainder(0.7));
    OPS.put("fmod", x -> x.fmod(0.7));
    OPS.put("maximum", x -> x.maximum(x.flip(0)));
    OPS.put("minimum", x -> x.minimum(x.flip(1)));
    OPS.put("atan2", x -> x.atan2(positive(x)));
    OPS.put("lerp", x -> x.lerp(x.flip(0), 0.3));
    OPS.put("addcmul", x -> x.addcmul(x.flip(0), x.sin(), 0.5));
    OPS.put("addcdiv", x -> x.addcdiv(x.flip(0), positive(x), -0.1));
    OPS.put("clamp", x -> x.clamp(-0.5, 0.5));
    OPS.put("clampMin", x -> x.clampMin(0.1));
    OPS.put("clampMax", x -> x.clampMax(0.1));
    OPS.put("neg", Tensor::neg);
    OPS.put("abs", Tensor::abs);
    OPS.put("exp", Tensor::exp);
    OPS.put("log", x -> positive(x).log());
    OPS.put("log1p", x -> positive(x).log1p());
    OPS.put("sqrt", x -> positive(x).sqrt());
    OPS.put("rsqrt", x -> positive(x).rsqrt());
    OPS.put("square", Tensor::square);
    OPS.put("sin", Tensor::sin);
    OPS.put("cos", Tensor::cos);
    OPS.put("tanh", Tensor::tanh);
    OPS.put("sigmoid", Tensor::sigmoid);
    OPS.put("logit", x -> x.sigmoid().mul(0.8).logit(1e-7));
    OPS.put("gridSample", x -> x.view(1, 1, 3, 4).gridSample(grid(), "bilinear", "zeros", true));
    OPS.put("affineGrid", x -> x.view(2, 2, 3).affineGrid(2, 3, false).square());
    OPS.put("reciprocal", x -> positive(x).reciprocal());
    OPS.put("erf", Tensor::erf);
    OPS.put("relu", Tensor::relu);
    OPS.put("gelu", Tensor::gelu);
    OPS.put("geluTanh", Tensor::geluTanh);
    OPS.put("silu", Tensor::silu);
    OPS.put("mish", Tensor::mish);
    OPS.put("logSigmoid", Tensor::logSigmoid);
    OPS.put("softplus", Tensor::softplus);
    OPS.put("softplusSteep", x -> x.softplus(3, 20));
    OPS.put("elu", Tensor::elu);
    OPS.put("eluHalf", x -> x.elu(0.5));
    OPS.put("leakyRelu", x -> x.leakyRelu(0.1));
    OPS.put("hardtanh", x -> x.hardtanh(-1, 0.5));
    OPS.put("softmax", x -> x.softmax(1));
    OPS.put("logSoftmax", x -> x.logSoftmax(-1));
    OPS.put("where", x -> Tensor.where(x.gt(0), x.sin(), x.exp()));
    OPS.put("maskedFill", x -> x.maskedFill(x.gt(0), 3));
    OPS.put("maskedSelect", x -> x.maskedSelect(x.gt(0)));
    OPS.put("sum", Tensor::sum);
    OPS.put("sumKeepDim", x -> x.sumKeepDim(0));
    OPS.put("mean", x -> x.mean(-1));
    OPS.put("meanKeepDim", x -> x.meanKeepDim(0, 1));
    OPS.put("amax", x -> x.amax(1));
    OPS.put("amin", x -> x.aminKeepDim(0));
    OPS.put("max", x -> x.max(1).values());
    OPS.put("min", x -> x.minKeepDim(0).values());
    OPS.put("median", x -> x.median(1).values());
    OPS.put("std", x -> x.std(1));
    OPS.put("stdBiased", x -> x.stdBiasedKeepDim(0));
    OPS.put("var", x -> x.varKeepDim(1));
    OPS.put("varBiased", x -> x.varBiased());
    OPS.put("prod", x -> x.prod(1));
    OPS.put("nanmean", Tensor::nanmean);
    OPS.put("logsumexp", x -> x.logsumexpKeepDim(1));
    OPS.put("norm", x -> x.normKeepDim(3, 1));
    OPS.put("cumsum", x -> x.cumsum(0));
    OPS.put("cumprod", x -> x.cumprod(1));
    OPS.put("matmul", x -> x.matmul(x.t()));
    OPS.put("mm", x -> x.t().mm(x));
    OPS.put("bmm", x -> x.unsqueeze(0).bmm(x.t().unsqueeze(0)));
    OPS.put("mv", x -> x.mv(x.get(0)));
    OPS.put("dot", x -> x.get(0).dot(x.get(1)));
    OPS.put("outer", x -> x.get(0).outer(x.get(1)));
    OPS.put("addmm", x -> x.mm(x.t()).addmm(x, x.t(), 0.5, 2));
    OPS.put("einsum", x -> Tensor.einsum("ij,kj->ik", x, x));
    OPS.put("cdist", x -> x.cdist(x.flip(0).add(7), 2));
    OPS.put("linear", x -> x.linear(x, x.sum(1)));
    OPS.put("view", x -> x.view(-1).square());
    OPS.put("permute", x -> x.permute(1, 0).mul(x.t()));
    OPS.put("expand", x -> x.unsqueeze(0).expand(2, -1, -1).square());
    OPS.put("repeat", x -> x.repeat(2, 3));
    OPS.put("roll", x -> x.roll(new long[] {1}, 1).mul(x));
    OPS.put("stack", x -> Tensor.stack(List.of(x, x.square()), 1));
    OPS.put("cat", x -> Tensor.cat(x, x.exp()));
    OPS.put("split", x -> x.split(new long[] {1, 2}, 0).get(1).square());
    OPS.put("pad", x -> x.pad(new long[] {1, 2, 0, 1}, 3).square());
    OPS.put("padReflect", x -> x.unsqueeze(0).pad(new long[] {1, 2}, "reflect").square());
    OPS.put("get", x -> x.get(Tensor.of(new long[] {0, 2, 0})).square());
    OPS.put("indexSelect", x -> x.indexSelect(1, Tensor.of(new long[] {1, 1, 3})).square());
    OPS.put("gather", x -> x.gather(1, Tensor.of(new long[] {0, 2, 2}, 3, 1)).square());
    OPS.put("scatterAdd", x -> x.scatterAdd(0, Tensor.zeros(DType.INT64, 3, 4), x.square()));
    OPS.put(
        "indexPut",
        x -> x.square().indexPut_(List.of(Tensor.of(new long[] {1, 1})), x.narrow(0, 0, 2), true));
    OPS.put("topk", x -> x.topk(2).values());
    OPS.put("sort", x -> x.sort().values());
    OPS.put("tril", x -> x.tril(0));
    OPS.put("triu", x -> x.triu(1));
    OPS.put("diag", x -> x.narrow(1, 0, 3).diag());
    OPS.put("interpolate", x -> image(x).interpolate(new long[] {5, 7}, "bilinear"));
    OPS.put("interpolateNearest", x -> image(x).interpolate(new long[] {5, 7}, "nearest"));
    OPS.put("interpolateArea", x -> image(x).interpolate(new long[] {2, 2}, "area"));
    OPS.put("interpolateBicubic", x -> image(x).interpolate(new long[] {5, 7}, "bicubic", true));
    OPS.put("conv2d", x -> image(x).conv2d(image(x).narrow(3, 0, 2), ONE, ONE, ONE, 1));
    OPS.put("conv1d", x -> line(x).conv1d(line(x).narrow(2, 0, 2), ONES, ONES, ONES, 1));
    OPS.put(
        "convTranspose2d",
        x -> image(x).convTranspose2d(image(x).narrow(3, 0, 2), TWO, ONE, ONE, 1, ONE));
    OPS.put("layerNorm", x -> x.layerNorm(new long[] {4}, 1e-5, x.get(0), x.get(1)));
    OPS.put("groupNorm", x -> x.groupNorm(2, 1e-5, x.get(0), x.get(1)));
    OPS.put("instanceNorm", x -> line(x).instanceNorm(1e-5));
    OPS.put("hardswish", Tensor::hardswish);
    OPS.put("embeddingPadded", x -> x.embedding(Tensor.of(new long[] {2, 0, 2}), 1).square());
    OPS.put("attention", x -> x.scaledDotProductAttention(x.sin(), x.exp(), 0, true));
    OPS.put("lstm", GradientsTest::lstm);
    OPS.put("gru", GradientsTest::gru);
    OPS.put("maxPool2d", x -> image(x).maxPool2d(2, 1, 0));
    OPS.put("avgPool2d", x -> image(x).avgPool2d(2, 1, 1));
    OPS.put("avgPool2dWide", x -> image(x).avgPool2d(new long[] {2, 3}, ONE, ONE, true, false));
    OPS.put("maxPool2dWide", x -> image(x).maxPool2d(new long[] {1, 3}, ONE, NONE, ONE, true));
    OPS.put("adaptiveMaxPool2d", x -> image(x).adaptiveMaxPool2d(2, 3));
    OPS.put("batchNorm", x -> x.batchNorm(1e-5));
    OPS.put("batchNormAffine", x -> x.batchNorm(1e-5, x.get(1).exp(), x.get(0).square()));
    OPS.put("adaptiveAvgPool2d", x -> image(x).adaptiveAvgPool2d(2, 2));
    OPS.put("crossEntropy", x -> x.crossEntropy(classes()));
    OPS.put("bce", x -> x.sigmoid().bce(Tensor.full(DType.FLOAT64, 0.3, 3, 4), Reduction.MEAN));
    OPS.put("bceWithLogits", x -> x.bceWithLogits(Tensor.full(DType.FLOAT64, 0.3, 3, 4)));
    OPS.put("mseLoss", x -> x.mseLoss(x.flip(0).sin()));
    OPS.put("l1Loss", x -> x.l1Loss(x.flip(0).sin()));
    OPS.put("huberLoss", x -> x.huberLoss(x.flip(0).sin(), Reduction.NONE, 0.7));
    OPS.put("smoothL1Loss", x -> x.smoothL1Loss(x.flip(0).sin(), Reduction.SUM, 0.7));
    OPS.put("nllLoss", x -> x.nllLoss(classes(), Reduction.NONE, -100));
    OPS.put("crossEntropySmooth", x -> x.crossEntropy(classes(), Reduction.NONE, 0, 0.1));
    OPS.put("embedding", x -> x.embedding(Tensor.of(new long[] {2, 0, 2})).square());
    OPS.put("to", x -> x.to(DType.FLOAT64).square());
  }

  /** Places within and without the picture, none on the border between two pixels. */
  private static Tensor grid() {
    return Tensor.of(new double[] {-0.9, -0.5, 0.1, 0.3, 0.7, 0.9, 1.2, -0.4}, 1, 2, 2, 2);
  }

  private static Tensor positive(Tensor x) {
    return x.square().add(0.5);
  }

  private static Tensor classes() {
    return Tensor.of(new long[] {3, 0, 1});
  }

  private static Tensor line(Tensor x) {
    return x.view(1, 3, 4);
  }

  /** Three steps of one sequence, and two units. */
  private static Tensor lstm(Tensor x) {
    List<Tensor> state = List.of(state(x), state(x).cos());
    return line(x).lstm(state, weights(x, 8), false, 1, 0, true, false, true).output();
  }

  private static Tensor gru(Tensor x) {
    return line(x).gru(state(x), weights(x, 6), false, 1, 0, true, false, true).output();
  }

  private static Tensor state(Tensor x) {
    return x.narrow(1, 0, 2).narrow(0, 0, 1).sin().unsqueeze(0);
  }

  private static List<Tensor> weights(Tensor x, long rows) {
    Tensor w = x.sin().repeat(3, 1).narrow(0, 0, rows);
    return List.of(w, w.narrow(1, 1, 2).cos());
  }

  private static Tensor image(Tensor x) {
    return x.view(1, 1, 3, 4);
  }

  static Stream<Arguments> ops() {
    return OPS.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ops")
  void isTheSlope(String name, Function<Tensor, Tensor> op) {
    GradCheck.gradCheck(op, 3, 4);
  }

  @Test
  void findsAWrongGradient() { // half of it was cut off
    assertThatThrownBy(() -> GradCheck.gradCheck(x -> x.square().add(x.detach().square()), 2, 2))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the slope");
  }
}
