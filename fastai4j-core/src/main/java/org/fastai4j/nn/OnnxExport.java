package org.fastai4j.nn;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.fastai4j.io.OnnxGraph;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * A model written as ONNX, for programs that know nothing of this library.
 *
 * <p>The file computes what the model does in evaluation, for batches of any size: its input is
 * {@code input}, {@code [batch, ...]}, its output {@code output}. Each method gives a copy.
 *
 * <pre>{@code
 * new OnnxExport(model, 1, 28, 28).withMetadata(Map.of("vocab", "[\"3\",\"7\"]")).save(file);
 * }</pre>
 */
public final class OnnxExport {
  private static final String BATCH = "batch";

  private final Module model;
  private final long[] itemShape;
  private final double[] mean;
  private final double[] std;
  private final Map<String, String> metadata;

  /**
   * @param itemShape the shape of one input, such as {@code 3, 224, 224}
   */
  public OnnxExport(Module model, long... itemShape) {
    this(model, itemShape, new double[0], new double[0], Map.of());
  }

  private OnnxExport(
      Module model, long[] itemShape, double[] mean, double[] std, Map<String, String> metadata) {
    this.model = model;
    this.itemShape = itemShape.clone();
    this.mean = mean.clone();
    this.std = std.clone();
    this.metadata = Map.copyOf(metadata);
  }

  /** With {@code (x - mean) / std} as the first nodes: one number for each channel, or for all. */
  public OnnxExport withNormalization(double[] mean, double[] std) {
    boolean image = itemShape.length == 3;
    if (mean.length != std.length
        || (mean.length != 1 && !(image && mean.length == itemShape[0]))) {
      throw new IllegalArgumentException(
          "%d means and %d deviations do not normalize inputs %s: give one of each%s"
              .formatted(
                  mean.length,
                  std.length,
                  Arrays.toString(itemShape),
                  image ? ", or " + itemShape[0] : ""));
    }
    return new OnnxExport(model, itemShape, mean, std, metadata);
  }

  /** With names and texts that are stored beside the net. */
  public OnnxExport withMetadata(Map<String, String> metadata) {
    return new OnnxExport(model, itemShape, mean, std, metadata);
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws IllegalArgumentException naming a layer that cannot be exported
   */
  public void save(Path file) {
    Autograd.noGrad(() -> Scope.run(() -> write(file)));
  }

  private void write(Path file) {
    DType dtype = model.parameters().get(0).dtype();
    OnnxGraph graph = new OnnxGraph(model.getClass().getSimpleName());
    OnnxNodes nodes = new OnnxNodes(graph, model);
    String x = graph.input("input", dtype, shape(itemShape));
    if (mean.length > 0) {
      x = nodes.node("Sub", x, graph.weight("normalize.mean", perChannel(dtype, mean)));
      x = nodes.node("Div", x, graph.weight("normalize.std", perChannel(dtype, std)));
    }
    graph.output("output", nodes.layer(model, x), dtype, shape(outputShape(dtype)));
    graph.save(file, metadata);
  }

  private Tensor perChannel(DType dtype, double... values) {
    Tensor t = Tensor.of(values).to(dtype);
    return values.length == 1 ? t : t.view(values.length, 1, 1);
  }

  private long[] outputShape(DType dtype) {
    long[] one = new long[itemShape.length + 1];
    one[0] = 1;
    System.arraycopy(itemShape, 0, one, 1, itemShape.length);
    Tensor x = Tensor.zeros(dtype, one).to(model.parameters().get(0).device());
    long[] shape = model.evaluating(() -> model.forward(x)).shape().toArray();
    return Arrays.copyOfRange(shape, 1, shape.length);
  }

  private static Object[] shape(long... itemShape) {
    Object[] out = new Object[itemShape.length + 1];
    out[0] = BATCH;
    for (int i = 0; i < itemShape.length; i++) {
      out[i + 1] = itemShape[i];
    }
    return out;
  }
}
