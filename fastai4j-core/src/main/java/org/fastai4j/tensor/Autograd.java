package org.fastai4j.tensor;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Whether operations are recorded for {@code backward()}, and gradients without it. */
public final class Autograd {
  private Autograd() {}

  /** Runs {@code body} with recording off, as {@code with torch.no_grad():}. */
  public static void noGrad(Runnable body) {
    noGrad(
        () -> {
          body.run();
          return true;
        });
  }

  /** The value of {@code body}, computed with recording off. */
  public static <T> T noGrad(Supplier<T> body) {
    return withGrad(false, body);
  }

  /** The value of {@code body}, computed with recording on, even inside {@link #noGrad}. */
  public static <T> T enableGrad(Supplier<T> body) {
    return withGrad(true, body);
  }

  /** Whether operations on this thread are recorded. */
  public static boolean isGradEnabled() {
    Engine.load();
    return GradMode.is_enabled();
  }

  /**
   * The gradients of {@code output} for each of {@code inputs}; their {@code grad()} stays as it
   * is.
   *
   * @param createGraph whether the result can be differentiated again
   * @throws TensorException if {@code output} was not computed from one of {@code inputs}
   */
  public static List<Tensor> grad(Tensor output, List<Tensor> inputs, boolean createGraph) {
    List<Tensor> sources = new ArrayList<>(inputs);
    List<List<Part>> parts = inputs.stream().map(Tensor::parts).toList();
    parts.forEach(own -> own.forEach(part -> sources.add(part.tensor())));
    boolean withParts = sources.size() > inputs.size();
    List<Optional<Tensor>> found = grad(output, sources, createGraph, withParts);
    Iterator<Optional<Tensor>> ofParts = found.subList(inputs.size(), found.size()).iterator();
    List<Tensor> out = new ArrayList<>(inputs.size());
    for (Tensor input : inputs) {
      Optional<Tensor> sum = found.get(out.size());
      for (Part part : parts.get(out.size())) {
        Optional<Tensor> gradient = ofParts.next();
        if (gradient.isPresent()) {
          Tensor whole = sum.isPresent() ? sum.get().copy() : input.zerosLike();
          part.of(whole).add_(gradient.get());
          sum = Optional.of(whole);
        }
      }
      out.add(
          sum.orElseThrow(
              () ->
                  new TensorException(
                      "grad: the output was not computed from an input " + input.shape())));
    }
    return out;
  }

  private static List<Optional<Tensor>> grad(
      Tensor output, List<Tensor> sources, boolean createGraph, boolean allowUnused) {
    return Tensor.guard(
        "grad",
        () -> {
          try (TensorVector outs = new TensorVector(output.h());
              TensorVector ins = Tensor.vector(sources);
              TensorVector none = new TensorVector();
              BoolOptional retain = new BoolOptional(createGraph);
              TensorVector grads = torch.grad(outs, ins, none, retain, createGraph, allowUnused)) {
            return Tensor.optionals(grads);
          }
        },
        output);
  }

  // JavaCPP's guard objects stay in force when they are not closed; a flag set back cannot.
  private static <T> T withGrad(boolean enabled, Supplier<T> body) {
    boolean before = isGradEnabled();
    if (before == enabled) {
      return body.get();
    }
    GradMode.set_enabled(enabled);
    try {
      return body.get();
    } finally {
      GradMode.set_enabled(before);
    }
  }
}
