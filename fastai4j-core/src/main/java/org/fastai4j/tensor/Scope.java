package org.fastai4j.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A block of work that frees the tensors made in it when it ends.
 *
 * <p>Tensor memory is outside the Java heap, where the collector cannot see how much there is. A
 * tensor made while a scope is open on its thread belongs to that scope and is freed with it, at
 * once:
 *
 * <pre>{@code
 * Scope.run(() -> model.forward(x).sum().backward()); // the graph is gone when it returns
 * Tensor mean = Scope.compute(() -> x.sub(y).abs().mean()); // the result moves out, the rest goes
 * }</pre>
 *
 * <p>Library code that loops opens scopes itself ({@code DataLoader.forEach}, {@code Learner.fit}),
 * so that few programs name this class. With no scope open a tensor is freed some time after it
 * became unreachable.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

  private final @Nullable Scope parent = CURRENT.get();
  private final Thread thread = Thread.currentThread();
  private final List<Tensor> owned = new ArrayList<>();
  private boolean closed;

  private Scope() {
    CURRENT.set(this);
  }

  /** Opens a scope on this thread, for try-with-resources. */
  public static Scope open() {
    return new Scope();
  }

  /** Runs {@code body} and frees every tensor made in it. */
  public static void run(Runnable body) {
    try (Scope s = open()) {
      body.run();
    }
  }

  /**
   * The value of {@code body}; every other tensor made in it is freed. A result that is a tensor,
   * or a collection or array of tensors, moves to the enclosing scope.
   */
  public static <T> T compute(Supplier<T> body) {
    try (Scope s = open()) {
      T result = body.get();
      s.release(result);
      return result;
    }
  }

  /** Takes {@code tensor} out of its scope, so that it lives until it is unreachable. */
  public static Tensor keep(Tensor tensor) {
    tensor.moveTo(null);
    return tensor;
  }

  /** Gives {@code tensor} to the scope that is open now, if one is: it is freed with it. */
  public static Tensor adopt(Tensor tensor) {
    Scope scope = CURRENT.get();
    if (scope != null) {
      tensor.moveTo(scope);
    }
    return tensor;
  }

  static @Nullable Scope current() {
    return CURRENT.get();
  }

  void add(Tensor t) {
    owned.add(t);
  }

  private void release(@Nullable Object result) {
    if (result instanceof Tensor t) {
      if (t.owner() == this) {
        t.moveTo(parent);
      }
    } else if (result instanceof Iterable<?> many && !(result instanceof java.nio.file.Path)) {
      many.forEach(this::release);
    } else if (result instanceof Object[] many) {
      for (Object o : many) {
        release(o);
      }
    }
  }

  /** Frees the scope's tensors; closing a second time does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (Thread.currentThread() != thread || CURRENT.get() != this) {
      throw new TensorException(
          "scopes close in the reverse order of opening, on the thread that opened them");
    }
    closed = true;
    if (parent == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(parent);
    }
    for (Tensor t : owned) {
      if (t.owner() == this) {
        t.close();
      }
    }
    owned.clear();
  }
}
