package org.fastai4j.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fastai4j.tensor.Tensor;

/** A parameter with what its optimizer knows of it. */
final class Param {
  private final Tensor tensor;
  String name;
  boolean decays = true;
  boolean alwaysTrained;
  long step;
  final Map<String, Tensor> state = new LinkedHashMap<>();

  Param(Tensor tensor, String name) {
    this.tensor = tensor;
    this.name = name;
  }

  Tensor tensor() {
    return tensor;
  }
}
