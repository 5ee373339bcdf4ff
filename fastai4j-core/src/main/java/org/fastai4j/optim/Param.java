package org.fastai4j.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.fastai4j.tensor.Part;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A parameter with what its optimizer knows of it. */
final class Param {
  private final Tensor tensor;
  String name;
  boolean decays = true;
  boolean alwaysTrained;
  private boolean wholly;
  private @Nullable Part part;
  long step;
  final Map<String, Tensor> state = new LinkedHashMap<>();

  Param(Tensor tensor, String name) {
    this.tensor = tensor;
    this.name = name;
  }

  Tensor tensor() {
    return tensor;
  }

  /** Its state as it is before any step. */
  void clear() {
    load(0, Map.of());
  }

  /** Takes over a state: the tensors are its own from now on. */
  void load(long steps, Map<String, Tensor> entries) {
    step = steps;
    state.clear();
    state.putAll(entries);
    part = null;
    wholly = false;
  }

  /**
   * The part that has all of the gradient, if no other element ever had one but zero: those have no
   * state either, and it is kept for the part alone.
   */
  Optional<Part> part() {
    if (wholly) {
      return Optional.empty();
    }
    return tensor.partWithGrad().filter(this::narrowTo);
  }

  /** All of the gradient, for a step of the whole; its state is that of the whole from now on. */
  Optional<Tensor> gradient() {
    Optional<Tensor> gradient = tensor.gradIfAny();
    if (gradient.isPresent()) {
      widen();
      wholly = true;
    }
    return gradient;
  }

  private boolean narrowTo(Part wanted) {
    if (part == wanted) {
      return true;
    }
    widen();
    for (Tensor t : state.values()) {
      if (t.countNonzero().item() != wanted.of(t).countNonzero().item()) {
        return false;
      }
    }
    state.replaceAll((name, t) -> Scope.keep(wanted.tensor().zerosLike().copy_(wanted.of(t))));
    part = wanted;
    return true;
  }

  /** Makes the state that of the whole, with zeros where it has been kept for a part. */
  void widen() {
    Part narrow = part;
    if (narrow != null) {
      state.replaceAll(
          (name, t) -> {
            Tensor whole = Scope.keep(tensor.zerosLike());
            narrow.of(whole).copy_(t);
            return whole;
          });
      part = null;
    }
  }
}
