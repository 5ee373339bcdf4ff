package org.fastai4j.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;

/**
 * fastai's table of a model's layers: a line for each, and their output shape where it changes.
 *
 * <p>Unlike there, LSTM and GRU are counted too, a layer that occurs twice stands and counts once,
 * and no line ends in spaces.
 */
final class Summary {
  private static final int WIDTH = 76;
  private static final int SHAPE_WIDTH = 19;

  private final StringBuilder text = new StringBuilder();
  private long total;
  private long trainable;

  private Summary() {}

  static String of(Module model, Tensor input) {
    Map<Module, Shape> outputs = outputs(model, input);
    Summary s = new Summary();
    s.line(model.getClass().getSimpleName() + " (Input shape: " + sizes(input.shape()) + ")");
    s.line("=".repeat(WIDTH));
    s.line(row("Layer (type)", "Output Shape", "Param #", "Trainable"));
    s.line("=".repeat(WIDTH));
    Shape before = null;
    for (Map.Entry<Module, Shape> layer : outputs.entrySet()) {
      Shape shape = layer.getValue();
      if (before == null || !shape.equals(before)) {
        if (before != null) {
          s.line("_".repeat(WIDTH));
        }
        String sizes = sizes(shape);
        s.line(row("", sizes.substring(0, Math.min(SHAPE_WIDTH, sizes.length())), "", ""));
      }
      s.layer(layer.getKey());
      before = shape;
    }
    s.line("_".repeat(WIDTH));
    s.line("");
    s.line(String.format(Locale.ROOT, "Total params: %,d", s.total));
    s.line(String.format(Locale.ROOT, "Total trainable params: %,d", s.trainable));
    s.line(String.format(Locale.ROOT, "Total non-trainable params: %,d", s.total - s.trainable));
    return s.text.toString();
  }

  private void layer(Module m) {
    List<Tensor> parameters = m.parameters();
    String count = "";
    String learns = "";
    if (!parameters.isEmpty()) {
      long n = m.countParameters();
      boolean first = parameters.get(0).requiresGrad();
      total += n;
      trainable += first ? n : 0;
      count = Long.toString(n);
      learns = first ? "True" : "False";
    }
    line(row(m.getClass().getSimpleName(), "", count, learns));
  }

  /** What each layer that was called gave, in the order of the model's parts. */
  private static Map<Module, Shape> outputs(Module model, Tensor input) {
    List<Module> leaves = new ArrayList<>();
    leaves(model, leaves);
    Map<Module, Shape> given = new LinkedHashMap<>();
    List<ForwardHook.Handle> handles = new ArrayList<>();
    Tensor x = model.parameters().isEmpty() ? input : input.to(model.parameters().get(0).device());
    try {
      for (Module leaf : leaves) {
        handles.add(leaf.registerForwardHook((m, in, out) -> given.put(m, out.shape())));
      }
      Autograd.noGrad(() -> Scope.run(() -> model.evaluating(() -> model.call(x))));
    } finally {
      handles.forEach(ForwardHook.Handle::remove);
    }
    Map<Module, Shape> inOrder = new LinkedHashMap<>();
    for (Module leaf : leaves) {
      Shape shape = given.get(leaf);
      if (shape != null) {
        inOrder.put(leaf, shape);
      }
    }
    return inOrder;
  }

  private static void leaves(Module m, List<Module> out) {
    Map<String, Module> children = m.namedChildren();
    if (children.isEmpty() || !m.ownParameters().isEmpty()) {
      out.add(m);
    } else {
      children.values().forEach(c -> leaves(c, out));
    }
  }

  private static String row(String layer, String shape, String count, String learns) {
    return String.format(Locale.ROOT, "%-20s %-20s %-10s %-10s", layer, shape, count, learns)
        .stripTrailing();
  }

  private static String sizes(Shape shape) {
    return Arrays.stream(shape.toArray())
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" x "));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
