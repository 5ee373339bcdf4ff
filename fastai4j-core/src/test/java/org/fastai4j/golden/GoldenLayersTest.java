package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Module;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers against PyTorch's: outputs, gradients and buffers; golden kind {@code layers}. */
class GoldenLayersTest {
  /** Layers and options that are still to come; whoever adds one takes it off. */
  private static final Set<String> NOT_YET =
      Set.of(
          "conv2d_rect",
          "conv2d_dilation",
          "conv2d_groups",
          "conv2d_depthwise_nobias",
          "conv2d_resnet_stem",
          "conv2d_reflect",
          "conv1d",
          "conv_transpose2d",
          "conv_transpose2d_pad_outpad",
          "conv_transpose2d_groups_dilation",
          "batchnorm1d_train",
          "batchnorm1d_eval",
          "batchnorm1d_3d_train",
          "batchnorm2d_cumulative",
          "batchnorm2d_plain",
          "batchnorm2d_nostats_eval",
          "layernorm",
          "layernorm_2d",
          "groupnorm",
          "instancenorm2d",
          "dropout_eval",
          "dropout_p0_train",
          "dropout_p1_train",
          "dropout2d_eval",
          "maxpool2d",
          "maxpool2d_resnet",
          "maxpool2d_ceil_dilated",
          "avgpool2d",
          "avgpool2d_pad",
          "avgpool2d_pad_excluded",
          "adaptive_avgpool2d_1",
          "adaptive_avgpool2d_2x3",
          "adaptive_avgpool2d_5x7",
          "adaptive_maxpool2d_1",
          "adaptive_maxpool2d_2x3",
          "adaptive_maxpool2d_5x7",
          "adaptive_concat_pool2d",
          "adaptive_concat_pool2d_size",
          "adaptive_concat_pool_flatten",
          "embedding",
          "embedding_padding_idx",
          "flatten_full",
          "fastai_linbndrop_eval",
          "fastai_linbndrop_linfirst_train",
          "fastai_convlayer_train",
          "fastai_sigmoid_range");

  static List<Golden.Case> cases() {
    return Golden.cases("layers").stream().filter(c -> layer(c).isPresent()).toList();
  }

  @Test
  void hasEveryLayerOrListsItAsNotYetThere() {
    assertThat(Golden.cases("layers"))
        .hasSize(55)
        .allSatisfy(c -> assertThat(NOT_YET.contains(shortName(c))).isEqualTo(layer(c).isEmpty()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Golden.Case c) {
    Map<String, Tensor> tensors = c.tensors();
    Module layer = layer(c).orElseThrow();
    layer.loadStateDict(state(tensors));
    if (c.params().get("mode").getAsString().equals("eval")) {
      layer.eval();
    }
    Map<String, Tensor> out = new LinkedHashMap<>();
    int forwards = c.params().get("forwards").getAsInt();
    for (int i = 0; i < forwards; i++) {
      String suffix = forwards == 1 ? "" : "." + i;
      Tensor x = requireNonNull(tensors.get("in.x" + suffix)).requiresGrad_();
      Tensor y = layer.forward(x);
      out.put("out.y" + suffix, y);
      if (i == forwards - 1) {
        layer.parameters().forEach(Tensor::zeroGrad);
        y.mul(requireNonNull(tensors.get("in.gout"))).sum().backward();
        out.put("out.grad.x", x.grad());
      }
    }
    layer.namedParameters().forEach((name, p) -> out.put("out.grad." + name, p.grad()));
    layer.stateDict().forEach((name, t) -> out.put("out.buffer." + name, t));
    out.keySet().retainAll(c.outputs());
    assertThat(out.keySet()).containsExactlyInAnyOrderElementsOf(c.outputs());
    out.forEach((name, actual) -> c.check(name, actual, requireNonNull(tensors.get(name), name)));
  }

  private static Map<String, Tensor> state(Map<String, Tensor> tensors) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    tensors.forEach(
        (name, t) -> {
          if (name.startsWith("param.") || name.startsWith("buffer.")) {
            state.put(name.substring(name.indexOf('.') + 1), t);
          }
        });
    return state;
  }

  /** The layer of a case, or nothing if fastai4j has no such layer or option. */
  private static Optional<Module> layer(Golden.Case c) {
    JsonObject args = c.params().getAsJsonObject("args");
    return switch (c.params().get("layer").getAsString()) {
      case "Linear" -> {
        int in = integer(args, "in_features", 0);
        int out = integer(args, "out_features", 0);
        yield Optional.of(
            args.get("bias").getAsBoolean() ? new Linear(in, out) : Linear.withoutBias(in, out));
      }
      case "Conv2d" -> {
        Set<String> known =
            Set.of("in_channels", "out_channels", "kernel_size", "stride", "padding");
        yield known.containsAll(args.keySet())
                && args.asMap().values().stream().allMatch(JsonElement::isJsonPrimitive)
            ? Optional.of(
                new Conv2d(
                    integer(args, "in_channels", 0),
                    integer(args, "out_channels", 0),
                    integer(args, "kernel_size", 0),
                    integer(args, "stride", 1),
                    integer(args, "padding", 0)))
            : Optional.empty();
      }
      case "BatchNorm2d" ->
          Set.of("num_features", "eps", "momentum").equals(args.keySet())
                  && !args.get("momentum").isJsonNull()
              ? Optional.of(new BatchNorm2d(integer(args, "num_features", 0)))
              : Optional.empty();
      case "Flatten" -> args.has("full") ? Optional.empty() : Optional.of(new Flatten());
      default -> Optional.empty();
    };
  }

  private static int integer(JsonObject args, String name, int otherwise) {
    return args.has(name) ? args.get(name).getAsInt() : otherwise;
  }

  private static String shortName(Golden.Case c) {
    return c.name().substring(c.name().indexOf('/') + 1);
  }
}
