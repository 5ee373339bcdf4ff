package org.fastai4j.optim;

import java.util.LinkedHashMap;
import java.util.Map;

/** Hyper-parameters in the order they are given, which {@code Map.of} does not keep. */
final class Hypers {
  private Hypers() {}

  static Map<String, Double> of(Object... namesAndValues) {
    Map<String, Double> out = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.put((String) namesAndValues[i], ((Number) namesAndValues[i + 1]).doubleValue());
    }
    return out;
  }
}
