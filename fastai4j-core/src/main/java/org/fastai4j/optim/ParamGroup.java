package org.fastai4j.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fastai4j.tensor.Part;
import org.fastai4j.tensor.Tensor;

/**
 * Parameters that share one set of hyper-parameters, such as the body of a net or its head.
 *
 * <p>Names of hyper-parameters are fastai's: {@code lr}, {@code mom}, {@code sqr_mom}, {@code eps},
 * {@code wd}.
 */
public final class ParamGroup {
  private final List<Param> params;
  private final Map<String, Double> hypers;

  ParamGroup(List<Param> params, Map<String, Double> hypers) {
    this.params = List.copyOf(params);
    this.hypers = new LinkedHashMap<>(hypers);
  }

  /** What is in the group, in the model's order. */
  public List<Tensor> parameters() {
    return params.stream().map(Param::tensor).toList();
  }

  List<Param> params() {
    return params;
  }

  /**
   * The value of a hyper-parameter.
   *
   * @throws IllegalArgumentException if the optimizer has none of that name
   */
  public double hyper(String name) {
    Double value = hypers.get(name);
    if (value == null) {
      throw unknown(name);
    }
    return value;
  }

  /**
   * Sets a hyper-parameter for the steps to come.
   *
   * @throws IllegalArgumentException if the optimizer has none of that name
   */
  public void setHyper(String name, double value) {
    if (hypers.replace(name, value) == null) {
      throw unknown(name);
    }
  }

  /** All hyper-parameters by name, as they are now. */
  public Map<String, Double> hypers() {
    return new LinkedHashMap<>(hypers);
  }

  private IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "no hyper-parameter '"
            + name
            + "'; the optimizer has "
            + String.join(", ", hypers.keySet()));
  }

  /**
   * What is to be moved now, in batches that can be updated together.
   *
   * @param parts whether to move only the part, where a part has all of the gradient
   */
  List<ParamBatch> batches(boolean decoupleWd, boolean parts) {
    double wd = hypers.getOrDefault("wd", 0.0);
    List<ParamBatch> out = new ArrayList<>(2);
    for (Param p : params) {
      if (!p.tensor().requiresGrad()) {
        continue; // it may still hold a gradient from before it was frozen
      }
      double own = p.decays ? wd : 0;
      // Added to the gradient, decay would leave no zeros.
      Optional<Part> part = parts && (decoupleWd || own == 0) ? p.part() : Optional.empty();
      if (part.isPresent()) {
        batchFor(p, own, decoupleWd, out).add(p, part.get());
      } else {
        p.wholeGradient().ifPresent(g -> batchFor(p, own, decoupleWd, out).add(p, g));
      }
    }
    return out;
  }

  private ParamBatch batchFor(Param p, double wd, boolean decoupleWd, List<ParamBatch> batches) {
    for (ParamBatch b : batches) {
      if (b.takes(p, wd)) {
        return b;
      }
    }
    ParamBatch batch = new ParamBatch(this, wd, decoupleWd, p.step + 1, p.tensor().dtype());
    batches.add(batch);
    return batch;
  }
}
