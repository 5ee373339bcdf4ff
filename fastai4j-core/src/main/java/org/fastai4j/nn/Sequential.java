package org.fastai4j.nn;

import java.util.List;
import java.util.stream.Collectors;
import org.fastai4j.tensor.Tensor;

/** Layers one after the other; parameters are named by position, as {@code 0.weight}. */
public class Sequential extends Module {
  private final List<Layer> layers;

  public Sequential(Layer... layers) {
    this(List.of(layers));
  }

  public Sequential(List<? extends Layer> layers) {
    this.layers = List.copyOf(layers);
    for (int i = 0; i < layers.size(); i++) {
      child(Integer.toString(i), layers.get(i));
    }
  }

  /** The layers in order. */
  public final List<Layer> layers() {
    return layers;
  }

  /** The layer at a position; negative ones count from the last. */
  public final Layer layer(int position) {
    return layers.get(position < 0 ? position + layers.size() : position);
  }

  /**
   * The same layers from {@code from} to before {@code to}, as Python's {@code net[from:to]};
   * negative positions count from the last.
   */
  public final Sequential slice(int from, int to) {
    int n = layers.size();
    return new Sequential(layers.subList(from < 0 ? from + n : from, to < 0 ? to + n : to));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.call(y);
    }
    return y;
  }

  @Override
  public String toString() {
    return layers.stream()
        .map(l -> l instanceof Module ? l.toString() : "Lambda")
        .collect(Collectors.joining(", ", getClass().getSimpleName() + "(", ")"));
  }
}
