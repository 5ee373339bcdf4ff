package org.fastai4j.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Turns what the engine throws into a message that names operands and mend. */
final class Errors {
  private record Hint(String part, String advice) {}

  private static final Hint[] HINTS = {
    new Hint(
        "must match the size of tensor b",
        "shapes are broadcast from the last axis; unsqueeze an axis or check the order"),
    new Hint("could not infer output dtype", "call toFloat() first"),
    new Hint("should be between 0 and 1", "call sigmoid() first, or use bceWithLogits for logits"),
    new Hint("only support floating point", "call toFloat() first"),
    new Hint("is invalid for input of size", "the sizes must multiply to that number"),
    new Hint("view size is not compatible", "use reshape, which copies where it must"),
    new Hint(
        "shapes cannot be multiplied", "the inner sizes must agree; view(-1, n) or t() the one"),
    new Hint("a leaf Variable that requires grad", "wrap the update in Autograd.noGrad(() -> ...)"),
    new Hint(
        "does not require grad and does not have a grad_fn",
        "call requiresGrad_() on what should learn, before computing with it"),
    new Hint("grad can be implicitly created only for scalar", "reduce it with mean() or sum()"),
    new Hint(
        "backward through the graph a second time", "use backwardRetainingGraph() the first time"),
    new Hint(
        "stack expects each tensor to be equal size", "resize or crop the items to one size first"),
    new Hint("must have the same dtype", "convert one with to(DType)"),
    new Hint("expected scalar type", "convert one with to(DType)"),
    new Hint(
        "can't be cast to the desired output type", "convert this tensor with to(DType) first"),
    new Hint("out of memory", "use a smaller batch, or run evaluation inside Autograd.noGrad"),
    new Hint("not enough memory", "use a smaller batch, or run evaluation inside Autograd.noGrad"),
    new Hint("allocate memory", "use a smaller batch, or run evaluation inside Autograd.noGrad"),
  };

  private Errors() {}

  static TensorException explain(String op, RuntimeException e, Tensor... operands) {
    if (e instanceof TensorException known) {
      return known;
    }
    String message = String.valueOf(e.getMessage());
    String first = message.split("\nException raised from|\nframe #0", 2)[0].strip();
    StringBuilder text = new StringBuilder(op).append(": ").append(first);
    if (operands.length > 0) {
      text.append(first.endsWith(".") ? " It was given " : "; it was given ")
          .append(
              Arrays.stream(operands)
                  .limit(8)
                  .map(Errors::describe)
                  .collect(Collectors.joining(" and ")))
          .append(operands.length > 8 ? " and " + (operands.length - 8) + " more" : "");
    }
    for (Hint hint : HINTS) {
      if (message.contains(hint.part)) {
        text.append("; ").append(hint.advice);
        break;
      }
    }
    return new TensorException(text.toString(), e);
  }

  static String describe(Tensor t) {
    return t.shape() + " " + t.dtype();
  }
}
