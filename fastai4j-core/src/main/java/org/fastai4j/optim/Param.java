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
  private boolean movesWhole;
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
    movesWhole = false;
  }

  /**
   * The part that has all of the gradient, if the state is zero outside it; the state is kept for
   * the part alone from now on.
   */
  Optional<Part> part() {
    return movesWhole ? Optional.empty() : tensor.partWithGrad().filter(this::narrowTo);
  }

  /** All of the gradient; if there is any, state is kept for the whole until it is cleared. */
  Optional<Tensor> wholeGradient() {
    Optional<Tensor> gradient = tensor.gradIfAny();
    if (gradient.isPresent()) {
      widen();
      movesWhole = true;
    }
    return gradient;
  }

  /** What is kept for the whole; where it is for a part, copies with zeros around it. */
  Map<String, Tensor> wholeState() {
    Part narrow = part;
    if (narrow == null) {
      return state;
    }
    Map<String, Tensor> out = new LinkedHashMap<>();
    state.forEach(
        (name, t) -> {
          Tensor whole = tensor.zerosLike();
          narrow.of(whole).copy_(t);
          out.put(name, whole);
        });
    return out;
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

  private void widen() {
    if (part != null) {
      Map<String, Tensor> whole = wholeState();
      whole.values().forEach(Scope::keep);
      state.putAll(whole);
      part = null;
    }
  }
}
