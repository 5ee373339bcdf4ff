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
  Part get(long[] start, long[] length) {
    for (Part part : parts) {
      if (part.is(start, length)) {
        return part;
      }
    }
    Part part = new Part(whole, start, length);
    parts.add(part);
    return part;
  }

  List<Part> all() {
    return parts;
  }

  List<Part> withGrad() {
    return parts.stream().filter(part -> part.tensor().hasGrad()).toList();
  }

  /** The part that has a gradient, if it is the only one. */
  Optional<Part> onlyWithGrad() {
    List<Part> found = withGrad();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** Adds their gradients to that of the whole, if there are any. */
  void gather() {
    List<Part> found = withGrad();
    if (found.isEmpty()) {
      return;
    }
    Autograd.noGrad(
        () ->
            Scope.run(
                () -> {
                  Tensor sum = whole.zerosLike();
                  whole.ownGrad().ifPresent(sum::add_);
                  found.forEach(part -> part.of(sum).add_(part.tensor().grad()));
                  whole.setGrad_(sum); // and forgets those of the parts
                }));
  }

  void zeroGrad() {
    parts.forEach(part -> part.tensor().zeroGrad());
  }

  void close() {
    parts.forEach(part -> part.tensor().close());
  }
}
