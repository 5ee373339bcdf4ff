package org.fastai4j.golden;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Index;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.jspecify.annotations.Nullable;

/** What each {@code fn} of the golden calls is in this library's terms: a line for each. */
final class OpTable {
  private interface Op {
    List<Tensor> apply(List<Tensor> t, Args a);
  }

  private interface One {
    Tensor apply(List<Tensor> t, Args a);
  }

  private interface WithTensor {
    Tensor apply(Tensor a, Tensor b);
  }

  private interface WithNumber {
    Tensor apply(Tensor a, double b);
  }

  private interface Over {
    Tensor apply(Tensor a, int... dims);
  }

  private interface Along {
    Tensor apply(Tensor a, int dim);
  }

  private static final Map<String, Op> OPS = new HashMap<>();

  static {
    binary("mul", Tensor::mul, Tensor::mul);
    binary("pow", Tensor::pow, Tensor::pow);
    binary("remainder", Tensor::remainder, Tensor::remainder);
    binary("fmod", Tensor::fmod, Tensor::fmod);
    binary("maximum", Tensor::maximum, null);
    binary("minimum", Tensor::minimum, null);
    binary("atan2", Tensor::atan2, null);
    binary("eq", Tensor::eq, Tensor::eq);
    binary("ne", Tensor::ne, Tensor::ne);
    binary("lt", Tensor::lt, Tensor::lt);
    binary("le", Tensor::le, Tensor::le);
    binary("gt", Tensor::gt, Tensor::gt);
    binary("ge", Tensor::ge, Tensor::ge);
    binary("logical_and", Tensor::logicalAnd, null);
    binary("logical_or", Tensor::logicalOr, null);
    binary("logical_xor", Tensor::logicalXor, null);
    binary("bitwise_and", Tensor::bitwiseAnd, null);
    binary("bitwise_or", Tensor::bitwiseOr, null);
    one(
        "add",
        (t, a) ->
            t.size() > 1
                ? t.get(0).add(t.get(1), a.number("alpha", 1))
                : base(t, a).add(a.number("scalar")));
    one(
        "sub",
        (t, a) ->
            t.size() > 1
                ? t.get(0).sub(t.get(1), a.number("alpha", 1))
                : base(t, a).sub(a.number("scalar")));
    one(
        "div",
        (t, a) ->
            t.size() == 1
                ? base(t, a).div(a.number("scalar"))
                : a.has("rounding_mode")
                    ? t.get(0).div(t.get(1), a.text("rounding_mode"))
                    : t.get(0).div(t.get(1)));
    one("rsub", (t, a) -> base(t, a).rsub(a.number("scalar")));
    one("rdiv", (t, a) -> base(t, a).rdiv(a.number("scalar")));
    one("add_", (t, a) -> t.get(0).copy().add_(t.get(1)));
    one("div_", (t, a) -> t.get(0).copy().div_(a.number("scalar")));

    unary("neg", Tensor::neg);
    unary("abs", Tensor::abs);
    unary("exp", Tensor::exp);
    unary("log", Tensor::log);
    unary("log1p", Tensor::log1p);
    unary("sqrt", Tensor::sqrt);
    unary("rsqrt", Tensor::rsqrt);
    unary("sin", Tensor::sin);
    unary("cos", Tensor::cos);
    unary("tanh", Tensor::tanh);
    unary("sigmoid", Tensor::sigmoid);
    unary("floor", Tensor::floor);
    unary("ceil", Tensor::ceil);
    unary("round", Tensor::round);
    unary("trunc", Tensor::trunc);
    unary("sign", Tensor::sign);
    unary("reciprocal", Tensor::reciprocal);
    unary("square", Tensor::square);
    unary("isnan", Tensor::isNan);
    unary("isfinite", Tensor::isFinite);
    unary("erf", Tensor::erf);
    unary("logical_not", Tensor::logicalNot);
    unary("bitwise_not", Tensor::bitwiseNot);
    unary("relu", Tensor::relu);
    unary("silu", Tensor::silu);
    unary("mish", Tensor::mish);
    unary("logsigmoid", Tensor::logSigmoid);
    one("gelu", (t, a) -> a.has("approximate") ? t.get(0).geluTanh() : t.get(0).gelu());
    one("leaky_relu", (t, a) -> t.get(0).leakyRelu(a.number("negative_slope")));
    one("elu", (t, a) -> a.has("alpha") ? t.get(0).elu(a.number("alpha")) : t.get(0).elu());
    one(
        "softplus",
        (t, a) ->
            a.has("beta")
                ? t.get(0).softplus(a.number("beta"), a.number("threshold"))
                : t.get(0).softplus());
    one("hardtanh", (t, a) -> t.get(0).hardtanh(a.number("min_val"), a.number("max_val")));
    one("softmax", (t, a) -> t.get(0).softmax(a.dim()));
    one("log_softmax", (t, a) -> t.get(0).logSoftmax(a.dim()));
    one(
        "clamp",
        (t, a) ->
            !a.has("max")
                ? t.get(0).clampMin(a.number("min"))
                : !a.has("min")
                    ? t.get(0).clampMax(a.number("max"))
                    : t.get(0).clamp(a.number("min"), a.number("max")));
    one("clamp_tensor", (t, a) -> t.get(0).clamp(t.get(1), t.get(2)));

    one("sum", (t, a) -> over(t, a, Tensor::sum, Tensor::sumKeepDim));
    one(
        "mean",
        (t, a) ->
            !a.has("dtype")
                ? over(t, a, Tensor::mean, Tensor::meanKeepDim)
                : a.keepDim()
                    ? t.get(0).meanKeepDim(a.dtype(), a.dims())
                    : t.get(0).mean(a.dtype(), a.dims()));
    one("amax", (t, a) -> over(t, a, Tensor::amax, Tensor::amaxKeepDim));
    one("amin", (t, a) -> over(t, a, Tensor::amin, Tensor::aminKeepDim));
    one("all", (t, a) -> over(t, a, Tensor::all, Tensor::allKeepDim));
    one("any", (t, a) -> over(t, a, Tensor::any, Tensor::anyKeepDim));
    one("logsumexp", (t, a) -> over(t, a, Tensor::logsumexp, Tensor::logsumexpKeepDim));
    one(
        "std",
        (t, a) ->
            a.flag("unbiased", true)
                ? over(t, a, Tensor::std, Tensor::stdKeepDim)
                : over(t, a, Tensor::stdBiased, Tensor::stdBiasedKeepDim));
    one(
        "var",
        (t, a) ->
            a.flag("unbiased", true)
                ? over(t, a, Tensor::var, Tensor::varKeepDim)
                : over(t, a, Tensor::varBiased, Tensor::varBiasedKeepDim));
    one(
        "prod",
        (t, a) -> a.has("dim") ? along(t, a, Tensor::prod, Tensor::prodKeepDim) : t.get(0).prod());
    one(
        "argmax",
        (t, a) ->
            a.has("dim") ? along(t, a, Tensor::argmax, Tensor::argmaxKeepDim) : t.get(0).argmax());
    one(
        "argmin",
        (t, a) ->
            a.has("dim") ? along(t, a, Tensor::argmin, Tensor::argminKeepDim) : t.get(0).argmin());
    one(
        "norm",
        (t, a) ->
            a.keepDim()
                ? t.get(0).normKeepDim(a.number("p"), a.dims())
                : t.get(0).norm(a.number("p", 2), a.dims()));
    one("count_nonzero", (t, a) -> t.get(0).countNonzero(a.dims()));
    unary("max_all", Tensor::max);
    unary("min_all", Tensor::min);
    pair("max", (t, a) -> a.keepDim() ? t.maxKeepDim(a.dim()) : t.max(a.dim()));
    pair("min", (t, a) -> a.keepDim() ? t.minKeepDim(a.dim()) : t.min(a.dim()));
    pair("median", (t, a) -> a.keepDim() ? t.medianKeepDim(a.dim()) : t.median(a.dim()));
    one("cumsum", (t, a) -> t.get(0).cumsum(a.dim()));
    one("cumprod", (t, a) -> t.get(0).cumprod(a.dim()));

    one(
        "cdist",
        (t, a) ->
            t.get(0)
                .cdist(
                    t.get(1),
                    a.text("p").equals("inf") ? Double.POSITIVE_INFINITY : a.number("p")));
    one("where", (t, a) -> Tensor.where(t.get(0), t.get(1), t.get(2)));
    one("where_scalar", (t, a) -> Tensor.where(t.get(0), t.get(1), a.number("other")));
    one("masked_fill", (t, a) -> t.get(0).maskedFill(t.get(1), a.number("value")));
    one("masked_select", (t, a) -> t.get(0).maskedSelect(t.get(1)));
    binary("matmul", Tensor::matmul, null);
    binary("mm", Tensor::mm, null);
    binary("bmm", Tensor::bmm, null);
    binary("mv", Tensor::mv, null);
    binary("dot", Tensor::dot, null);
    binary("outer", Tensor::outer, null);
    one(
        "addmm",
        (t, a) -> t.get(0).addmm(t.get(1), t.get(2), a.number("beta", 1), a.number("alpha", 1)));
    one("einsum", (t, a) -> Tensor.einsum(a.text("eq"), t.toArray(Tensor[]::new)));

    one("stack", (t, a) -> Tensor.stack(t, a.dim()));
    one("cat", (t, a) -> Tensor.cat(t, a.dim()));
    one("view", (t, a) -> t.get(0).view(a.longs("shape")));
    one("reshape", (t, a) -> t.get(0).reshape(a.longs("shape")));
    one(
        "flatten",
        (t, a) -> t.get(0).flatten((int) a.number("start_dim", 0), (int) a.number("end_dim", -1)));
    one("permute", (t, a) -> t.get(0).permute(a.ints("dims")));
    one("transpose", (t, a) -> t.get(0).transpose((int) a.number("dim0"), (int) a.number("dim1")));
    unary("t", Tensor::t);
    one("squeeze", (t, a) -> a.has("dim") ? t.get(0).squeeze(a.dim()) : t.get(0).squeeze());
    one("unsqueeze", (t, a) -> t.get(0).unsqueeze(a.dim()));
    one("expand", (t, a) -> t.get(0).expand(a.longs("shape")));
    one("repeat", (t, a) -> t.get(0).repeat(a.longs("sizes")));
    one("flip", (t, a) -> t.get(0).flip(a.ints("dims")));
    one("roll", (t, a) -> t.get(0).roll(a.longs("shifts"), a.ints("dims")));
    OPS.put(
        "split",
        (t, a) ->
            a.isArray("size")
                ? t.get(0).split(a.longs("size"), a.dim())
                : t.get(0).split((long) a.number("size"), a.dim()));
    OPS.put("chunk", (t, a) -> t.get(0).chunk((long) a.number("chunks"), a.dim()));
    OPS.put("unbind", (t, a) -> t.get(0).unbind(a.dim()));
    one(
        "narrow",
        (t, a) -> t.get(0).narrow(a.dim(), (long) a.number("start"), (long) a.number("length")));
    one("index", (t, a) -> t.get(0).get(a.indices(t)));
    one("select", (t, a) -> t.get(0).select(a.dim(), (long) a.number("index")));
    one("index_select", (t, a) -> t.get(0).indexSelect(a.dim(), t.get(1)));
    one("gather", (t, a) -> t.get(0).gather(a.dim(), t.get(1)));
    one("take_along_dim", (t, a) -> t.get(0).takeAlongDim(t.get(1), a.dim()));
    one("scatter", (t, a) -> t.get(0).scatter(a.dim(), t.get(1), t.get(2)));
    one("scatter_add", (t, a) -> t.get(0).scatterAdd(a.dim(), t.get(1), t.get(2)));
    one(
        "index_put",
        (t, a) ->
            t.get(0).copy().indexPut_(List.of(t.get(1)), t.get(2), a.flag("accumulate", false)));
    pair(
        "topk",
        (t, a) -> t.topk((long) a.number("k"), (int) a.number("dim", -1), a.flag("largest", true)));
    pair("sort", (t, a) -> t.sort((int) a.number("dim", -1), a.flag("descending", false)));
    one(
        "argsort",
        (t, a) -> t.get(0).argsort((int) a.number("dim", -1), a.flag("descending", false)));
    one(
        "one_hot",
        (t, a) ->
            a.has("num_classes")
                ? t.get(0).oneHot((long) a.number("num_classes"))
                : t.get(0).oneHot());
    unary("nonzero", Tensor::nonzero);
    one("bincount", (t, a) -> t.get(0).bincount((long) a.number("minlength", 0)));
    OPS.put(
        "unique",
        (t, a) -> {
          Tensor.Unique u = t.get(0).unique();
          return List.of(u.values(), u.inverse(), u.counts());
        });
    one("tril", (t, a) -> t.get(0).tril((long) a.number("diagonal", 0)));
    one("triu", (t, a) -> t.get(0).triu((long) a.number("diagonal", 0)));
    unary("diag", Tensor::diag);
    one(
        "lerp",
        (t, a) ->
            t.size() > 2
                ? t.get(0).lerp(t.get(1), t.get(2))
                : t.get(0).lerp(t.get(1), a.number("weight")));
    one("addcmul", (t, a) -> t.get(0).addcmul(t.get(1), t.get(2), a.number("value", 1)));
    one("addcdiv", (t, a) -> t.get(0).addcdiv(t.get(1), t.get(2), a.number("value", 1)));
    one("to", (t, a) -> t.get(0).to(a.dtype()));
    one(
        "pad",
        (t, a) ->
            a.has("mode")
                ? t.get(0).pad(a.longs("pad"), a.text("mode"))
                : t.get(0).pad(a.longs("pad"), a.number("value", 0)));
    one(
        "interpolate",
        (t, a) ->
            a.has("align_corners")
                ? t.get(0)
                    .interpolate(a.longs("size"), a.text("mode"), a.flag("align_corners", false))
                : t.get(0).interpolate(a.longs("size"), a.text("mode")));

    one(
        "arange",
        (t, a) ->
            a.isFloat("start")
                ? Tensor.arange(a.number("start"), a.number("end"), a.number("step"))
                : Tensor.arange(
                    (long) a.number("start"), (long) a.number("end"), (long) a.number("step")));
    one(
        "linspace",
        (t, a) -> Tensor.linspace(a.number("start"), a.number("end"), (long) a.number("steps")));
    one("eye", (t, a) -> Tensor.eye((long) a.number("n"), (long) a.number("m")));
    // Here a tensor filled with a number is float32 unless told otherwise; in Python a 7 makes
    // int64.
    one(
        "full",
        (t, a) ->
            Tensor.full(
                a.isFloat("value") ? DType.FLOAT32 : DType.INT64,
                a.number("value"),
                a.longs("shape")));
    one("zeros", (t, a) -> Tensor.zeros(a.longs("shape")));

    binary("mse_loss", Tensor::mseLoss, null);
    binary("cross_entropy", Tensor::crossEntropy, null);
    binary("linear", Tensor::linear, null);
    one(
        "conv2d",
        (t, a) ->
            t.get(0).conv2d(t.get(1), new long[] {1, 1}, new long[] {0, 0}, new long[] {1, 1}, 1));
    one("embedding", (t, a) -> t.get(1).embedding(t.get(0)));
  }

  private OpTable() {}

  static List<Tensor> run(JsonObject call, Map<String, Tensor> tensors) {
    Op op = OPS.get(call.get("fn").getAsString());
    if (op == null) {
      throw new AssertionError("the table has no " + call.get("fn"));
    }
    List<Tensor> in =
        Golden.stream(call.get("in"))
            .map(n -> java.util.Objects.requireNonNull(tensors.get(n.getAsString())))
            .toList();
    return op.apply(in, new Args(call.getAsJsonObject("args")));
  }

  private static void one(String name, One f) {
    OPS.put(name, (t, a) -> List.of(f.apply(t, a)));
  }

  private static void unary(String name, UnaryOperator<Tensor> f) {
    one(name, (t, a) -> f.apply(t.get(0)));
  }

  private static void binary(String name, WithTensor f, @Nullable WithNumber g) {
    one(
        name,
        (t, a) ->
            g == null || t.size() > 1
                ? f.apply(t.get(0), t.get(1))
                : g.apply(base(t, a), a.number("scalar")));
  }

  private static void pair(
      String name, java.util.function.BiFunction<Tensor, Args, Tensor.ValuesIndices> f) {
    OPS.put(
        name,
        (t, a) -> {
          Tensor.ValuesIndices two = f.apply(t.get(0), a);
          return List.of(two.values(), two.indices());
        });
  }

  private static Tensor over(List<Tensor> t, Args a, Over f, Over keepingDim) {
    return (a.keepDim() ? keepingDim : f).apply(t.get(0), a.dims());
  }

  private static Tensor along(List<Tensor> t, Args a, Along f, Along keepingDim) {
    return (a.keepDim() ? keepingDim : f).apply(t.get(0), a.dim());
  }

  /**
   * The tensor that a number meets. In Python 2.0 is a float and 2 is not; here both are the same
   * double, whole on a tensor of whole numbers. Who means the float converts first.
   */
  private static Tensor base(List<Tensor> t, Args a) {
    Tensor x = t.get(0);
    return a.isFloat("scalar") && !x.dtype().isFloatingPoint() ? x.toFloat() : x;
  }

  /** The arguments of a call. */
  private record Args(JsonObject json) {
    boolean has(String name) {
      return json.has(name);
    }

    boolean isArray(String name) {
      return json.get(name).isJsonArray();
    }

    boolean isFloat(String name) {
      return has(name) && text(name).contains(".");
    }

    double number(String name) {
      return json.get(name).getAsDouble();
    }

    double number(String name, double otherwise) {
      return has(name) ? number(name) : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
      return has(name) ? json.get(name).getAsBoolean() : otherwise;
    }

    boolean keepDim() {
      return flag("keepdim", false);
    }

    String text(String name) {
      return json.get(name).getAsString();
    }

    DType dtype() {
      return DType.of(text("dtype"));
    }

    int dim() {
      return json.get("dim").getAsInt();
    }

    int[] dims() {
      return has("dim") ? ints("dim") : new int[0];
    }

    int[] ints(String name) {
      JsonElement e = json.get(name);
      return e.isJsonArray()
          ? Golden.stream(e).mapToInt(JsonElement::getAsInt).toArray()
          : new int[] {e.getAsInt()};
    }

    long[] longs(String name) {
      return Golden.stream(json.get(name)).mapToLong(JsonElement::getAsLong).toArray();
    }

    Index[] indices(List<Tensor> t) {
      int[] next = {1};
      Function<JsonElement, Index> one =
          e -> {
            if (e instanceof JsonPrimitive p && p.isNumber()) {
              return Index.at(p.getAsLong());
            } else if (e instanceof JsonObject o) {
              return slice(o.getAsJsonArray("slice").asList());
            }
            return switch (e.getAsString()) {
              case "ellipsis" -> Index.ellipsis();
              case "none" -> Index.newAxis();
              default -> Index.of(t.get(next[0]++));
            };
          };
      return Golden.stream(json.get("index")).map(one).toArray(Index[]::new);
    }

    /** As Python's {@code slice(stop)} and {@code slice(start, stop, step)}. */
    private static Index slice(List<JsonElement> parts) {
      boolean[] given = new boolean[3];
      long[] value = new long[3];
      for (int i = 0; i < parts.size(); i++) {
        int at = parts.size() == 1 ? 1 : i;
        given[at] = !parts.get(i).isJsonNull();
        value[at] = given[at] ? parts.get(i).getAsLong() : 0;
      }
      if (given[2]) {
        return given[0] || given[1]
            ? Index.range(value[0], value[1], value[2])
            : Index.every(value[2]);
      } else if (given[0]) {
        return given[1] ? Index.range(value[0], value[1]) : Index.from(value[0]);
      }
      return given[1] ? Index.to(value[1]) : Index.all();
    }
  }
}
