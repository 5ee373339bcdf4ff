package org.fastai4j.nn;

import java.util.List;
import java.util.stream.Collectors;
import org.fastai4j.tensor.Tensor;

/** Layers one after the other; parameters are named by position, as {@code 0.weight}. */
public final class Sequential extends Module {
  private final List<Layer> layers;

  public Sequential(Layer... layers) {
    this.layers = List.of(layers);
    for (int i = 0; i < layers.length; i++) {
      child(Integer.toString(i), layers[i]);
    }
  }

  /** The layers in order. */
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.forward(y);
    }
    return y;
  }

  @Override
  public String toString() {
    return layers.stream()
        .map(l -> l instanceof Module ? l.toString() : "Lambda")
        .collect(Collectors.joining(", ", "Sequential(", ")"));
  }
}
