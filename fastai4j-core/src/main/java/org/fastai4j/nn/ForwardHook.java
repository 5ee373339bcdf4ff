package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** Is told what a module was given and what it gave; see {@link Module#registerForwardHook}. */
@FunctionalInterface
public interface ForwardHook {
  void after(Module module, Tensor input, Tensor output);

  /** Takes a hook away again, by {@code remove()} or at the end of a try block. */
  @FunctionalInterface
  interface Handle extends AutoCloseable {
    void remove();

    @Override
    default void close() {
      remove();
    }
  }
}
