package org.fastai4j.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.io.OnnxGraph;
import org.fastai4j.tensor.Tensor;

/** The nodes of an {@link OnnxExport}: every layer of this package that ONNX has too. */
public final class OnnxNodes {
  private static final Map<Class<?>, String> FUNCTIONS =
      Map.of(
          ReLU.class, "Relu",
          Sigmoid.class, "Sigmoid",
          Tanh.class, "Tanh",
          Softplus.class, "Softplus",
          Hardswish.class, "HardSwish");

  private final OnnxGraph graph;
  private final IdentityHashMap<Tensor, String> names = new IdentityHashMap<>();

  OnnxNodes(OnnxGraph graph, Module model) {
    this.graph = graph;
    model.stateDict().forEach((name, t) -> names.putIfAbsent(t, name));
  }

  /**
   * Adds an operator without attributes.
   *
   * @return the name of its output
   */
  public String node(String op, String... inputs) {
    return graph.node(op, List.of(inputs));
  }

  /**
   * Adds what a layer does in evaluation.
   *
   * @return the name of its output
   * @throws IllegalArgumentException naming a layer that cannot be exported
   */
  public String layer(Layer layer, String x) {
    if (layer instanceof OnnxLayer l) {
      return l.toOnnx(this, x);
    } else if (layer instanceof Sequential l) {
      String y = x;
      for (Layer each : l.layers()) {
        y = layer(each, y);
      }
      return y;
    } else if (layer instanceof Linear l) {
      return linear(l, x);
    } else if (layer instanceof Conv2d l && l.options.padsWithZeros()) {
      return convolution(l, x);
    } else if (layer instanceof BatchNorm l && l.options.affine() && l.options.runningStats()) {
      return batchNorm(l, x);
    } else if (layer instanceof Flatten l && l.start == 1 && l.end == -1) {
      return graph.node("Flatten", List.of(x), Map.of("axis", 1L));
    } else if (layer instanceof Dropout || layer instanceof Identity) {
      return x;
    }
    return activation(layer, x);
  }

  private String activation(Layer layer, String x) {
    String function = FUNCTIONS.get(layer.getClass());
    if (function != null) {
      return node(function, x);
    } else if (layer instanceof SiLU) {
      return node("Mul", x, node("Sigmoid", x));
    } else if (layer instanceof Mish) {
      return node("Mul", x, node("Tanh", node("Softplus", x)));
    } else if (layer instanceof Softmax l) {
      return graph.node("Softmax", List.of(x), Map.of("axis", (long) l.dim));
    }
    return pool(layer, x);
  }

  private String pool(Layer layer, String x) {
    if (layer instanceof MaxPool2d l) {
      return graph.node(
          "MaxPool",
          List.of(x),
          Map.of(
              "kernel_shape", times(l.kernel, 2),
              "strides", times(l.stride, 2),
              "pads", times(l.padding, 4),
              "dilations", times(l.dilation, 2),
              "ceil_mode", l.ceilMode ? 1L : 0L));
    } else if (layer instanceof AvgPool2d l && !(l.ceilMode && l.padding > 0)) {
      // Without padding the two ways to count agree, but for a window over the last edge, which
      // PyTorch divides by what is there.
      return graph.node(
          "AveragePool",
          List.of(x),
          Map.of(
              "kernel_shape", times(l.kernel, 2),
              "strides", times(l.stride, 2),
              "pads", times(l.padding, 4),
              "count_include_pad", l.countIncludePad && l.padding > 0 ? 1L : 0L,
              "ceil_mode", l.ceilMode ? 1L : 0L));
    } else if (layer instanceof AdaptivePool2d l && l.height == 1 && l.width == 1) {
      List<String> parts = new ArrayList<>();
      if (!(l instanceof AdaptiveAvgPool2d)) {
        parts.add(node("GlobalMaxPool", x));
      }
      if (!(l instanceof AdaptiveMaxPool2d)) {
        parts.add(node("GlobalAveragePool", x));
      }
      return parts.size() == 1 ? parts.get(0) : graph.node("Concat", parts, Map.of("axis", 1L));
    }
    throw new IllegalArgumentException(
        (layer instanceof Module ? layer : "a layer that is no module")
            + " cannot be exported as ONNX; put a layer there that can, or one of your own that"
            + " implements OnnxLayer");
  }

  private String linear(Linear l, String x) {
    Map<String, Tensor> own = l.namedParameters();
    List<String> inputs =
        own.containsKey("bias")
            ? List.of(x, weight(l.weight()), weight(l.bias()))
            : List.of(x, weight(l.weight()));
    return graph.node("Gemm", inputs, Map.of("transB", 1L));
  }

  private String convolution(Conv2d l, String x) {
    ConvOptions o = l.options;
    long[] p = o.padding;
    List<String> inputs =
        o.bias ? List.of(x, weight(l.weight()), weight(l.bias())) : List.of(x, weight(l.weight()));
    return graph.node(
        "Conv",
        inputs,
        Map.of(
            "kernel_shape", o.kernel,
            "strides", o.stride,
            "pads", new long[] {p[0], p[1], p[0], p[1]},
            "dilations", o.dilation,
            "group", (long) o.groups));
  }

  private String batchNorm(BatchNorm l, String x) {
    List<String> own = l.stateDict().values().stream().limit(4).map(this::weight).toList();
    return graph.node(
        "BatchNormalization",
        List.of(x, own.get(0), own.get(1), own.get(2), own.get(3)),
        Map.of("epsilon", l.options.eps()));
  }

  private String weight(Tensor t) {
    String name = names.get(t);
    if (name == null) {
      throw new IllegalArgumentException(
          "a weight " + t.shape() + " is not the model's: its layer was not registered as a child");
    }
    return graph.weight(name, t);
  }

  private static long[] times(long value, int n) {
    long[] out = new long[n];
    Arrays.fill(out, value);
    return out;
  }
}
