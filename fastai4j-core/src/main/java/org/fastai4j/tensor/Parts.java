package org.fastai4j.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a parameter that have a gradient of their own, beside that of the whole. */
final class Parts {
  private final Tensor whole;
  private final List<Part> parts = new ArrayList<>(1);

  Parts(Tensor whole) {
    this.whole = whole;
  }

  /** The part that is there: the same each time, since graphs may refer to it for long. */
  synchronized Part get(long[] start, long[] length) {
    for (Part part : parts) {
      if (part.covers(start, length)) {
        return part;
      }
    }
    Part part = new Part(whole, start, length);
    parts.add(part);
    return part;
  }

  synchronized List<Part> all() {
    return List.copyOf(parts);
  }

  boolean haveGrad() {
    return !withGrad().isEmpty();
  }

  private synchronized List<Part> withGrad() {
    return parts.stream().filter(part -> part.tensor().hasGrad()).toList();
  }

  /** The part that has a gradient, if it is the only one. */
  Optional<Part> onlyWithGrad() {
    List<Part> found = withGrad();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** Adds their gradients to that of the whole, if there are any. */
  synchronized void gather() {
    List<Part> found = withGrad();
    if (found.isEmpty()) {
      return;
    }
    Autograd.noGrad(
        () ->
            Scope.run(
                () -> {
                  Optional<Tensor> own = whole.ownGrad();
                  Tensor sum = own.orElseGet(whole::zerosLike);
                  found.forEach(part -> part.of(sum).add_(part.tensor().grad()));
                  if (own.isEmpty()) {
                    whole.setGrad_(sum);
                  }
                  zeroGrad();
                }));
  }

  synchronized void zeroGrad() {
    parts.forEach(part -> part.tensor().zeroGrad());
  }

  synchronized void close() {
    parts.forEach(part -> part.tensor().close());
  }
}
