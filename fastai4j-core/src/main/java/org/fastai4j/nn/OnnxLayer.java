package org.fastai4j.nn;

/**
 * A layer that says itself in ONNX: one that is made of others, and joins them in its own way.
 *
 * <pre>{@code
 * public String toOnnx(OnnxNodes nodes, String x) { // forward: relu(conv(x) + x)
 *   return nodes.layer(relu, nodes.node("Add", nodes.layer(conv, x), x));
 * }
 * }</pre>
 */
public interface OnnxLayer extends Layer {
  /**
   * Adds what {@code forward} does in evaluation.
   *
   * @param x the name of the input
   * @return the name of the output
   */
  String toOnnx(OnnxNodes nodes, String x);
}
