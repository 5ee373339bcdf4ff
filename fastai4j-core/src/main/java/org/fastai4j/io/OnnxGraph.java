package org.fastai4j.io;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;

/**
 * A net as an ONNX file describes it: nodes that take values by name and give new ones.
 *
 * <p>Written for operator set {@value #OPSET}, which ONNX Runtime reads from version 1.12 on.
 *
 * <pre>{@code
 * var graph = new OnnxGraph("two_layers");
 * String x = graph.input("input", DType.FLOAT32, "batch", 784);
 * String y = graph.node("Gemm", List.of(x, graph.weight("0.weight", w)), Map.of("transB", 1L));
 * graph.output("output", graph.node("Relu", List.of(y)), DType.FLOAT32, "batch", 30);
 * graph.save(Path.of("net.onnx"), Map.of("vocab", "[\"3\",\"7\"]"));
 * }</pre>
 *
 * <p>Reference: the ONNX specification, {@code onnx.proto} and <i>Operators</i>.
 */
public final class OnnxGraph {
  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;
  private static final long LARGEST = Integer.MAX_VALUE; // a limit of protocol buffers

  private final String name;
  private final Proto nodes = new Proto();
  private final Proto inputs = new Proto();
  private final Proto outputs = new Proto();
  private final Map<String, Tensor> weights = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Set<String> values = new LinkedHashSet<>();

  public OnnxGraph(String name) {
    this.name = name;
  }

  /**
   * Declares an input and returns its name.
   *
   * @param shape a {@code Number} for a size that is fixed, a {@code String} that names one that is
   *     not, such as {@code "batch"}
   */
  public String input(String name, DType dtype, Object... shape) {
    inputs.message(11, valueInfo(name, dtype, shape));
    return declared(name);
  }

  /** Adds a tensor under its name and returns the name; it is read when the graph is saved. */
  public String weight(String name, Tensor value) {
    Tensor before = weights.putIfAbsent(name, value);
    if (before == null) {
      return declared(name);
    } else if (before != value) {
      throw new IllegalArgumentException("the graph has another weight called " + name);
    }
    return name;
  }

  /** As the other {@code node}, without attributes. */
  public String node(String op, List<String> inputs) {
    return node(op, inputs, Map.of());
  }

  /**
   * Adds a node with one output and returns the output's name.
   *
   * @param op the operator's name, such as {@code Conv}
   * @param inputs names of values that the graph has
   * @param attributes {@code Long}, {@code Double}, {@code String} or {@code long[]} by name
   */
  public String node(String op, List<String> inputs, Map<String, ?> attributes) {
    Proto node = new Proto();
    for (String input : inputs) {
      node.text(1, known(input));
    }
    String output = op + "_" + counts.merge(op, 1, Integer::sum);
    node.text(2, output).text(3, output).text(4, op);
    attributes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(a -> node.message(5, attribute(a.getKey(), a.getValue())));
    nodes.message(1, node);
    return declared(output);
  }

  /** Makes a value an output of the graph, under a name of its own; the shape as of an input. */
  public void output(String name, String value, DType dtype, Object... shape) {
    nodes.message(1, new Proto().text(1, known(value)).text(2, declared(name)).text(4, "Identity"));
    outputs.message(12, valueInfo(name, dtype, shape));
  }

  /**
   * Writes the graph, whole or not at all.
   *
   * @param metadata stored with the model, which ONNX Runtime gives back as custom metadata
   * @throws FormatException if it is larger than 2 GB, which no ONNX file can be
   */
  public void save(Path file, Map<String, String> metadata) {
    Proto graph = new Proto().append(nodes).text(2, name);
    weights.forEach((name, t) -> graph.message(5, tensor(name, t)));
    graph.append(inputs).append(outputs);
    Proto model =
        new Proto()
            .number(1, IR_VERSION)
            .text(2, "fastai4j")
            .message(7, graph)
            .message(8, new Proto().text(1, "").number(2, OPSET));
    metadata.forEach((key, value) -> model.message(14, new Proto().text(1, key).text(2, value)));
    if (model.size() > LARGEST) {
      throw new FormatException(
          file, "would have %d bytes; an ONNX file has at most 2 GB".formatted(model.size()));
    }
    WholeFile.write(file, model::writeTo);
  }

  private String declared(String value) {
    if (!values.add(value)) {
      throw new IllegalArgumentException("the graph has a value called " + value + " already");
    }
    return value;
  }

  private String known(String value) {
    if (!values.contains(value)) {
      throw new IllegalArgumentException("the graph has no value called " + value);
    }
    return value;
  }

  private static Proto valueInfo(String name, DType dtype, Object... shape) {
    Proto dims = new Proto();
    for (Object size : shape) {
      Proto dim = new Proto();
      dims.message(
          1,
          size instanceof Number n ? dim.number(1, n.longValue()) : dim.text(2, size.toString()));
    }
    Proto tensor = new Proto().number(1, type(dtype)).message(2, dims);
    return new Proto().text(1, name).message(2, new Proto().message(1, tensor));
  }

  private static Proto tensor(String name, Tensor t) {
    Proto out = new Proto();
    LongStream.of(t.shape().toArray()).forEach(size -> out.number(1, size));
    return out.number(2, type(t.dtype())).text(8, name).elements(9, t);
  }

  private static Proto attribute(String name, Object value) {
    Proto out = new Proto().text(1, name);
    if (value instanceof Long i) {
      return out.number(3, i).number(20, 2);
    } else if (value instanceof Double f) {
      return out.real(2, f.floatValue()).number(20, 1);
    } else if (value instanceof String s) {
      return out.text(4, s).number(20, 3);
    } else if (value instanceof long[] list) {
      Arrays.stream(list).forEach(i -> out.number(8, i));
      return out.number(20, 7);
    }
    throw new IllegalArgumentException(
        "attribute %s is of type %s; it must be a Long, Double, String or long[]"
            .formatted(name, value.getClass().getSimpleName()));
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case BOOL -> 9;
      case FLOAT16 -> 10;
      case FLOAT64 -> 11;
      case BFLOAT16 -> 16;
    };
  }
}
