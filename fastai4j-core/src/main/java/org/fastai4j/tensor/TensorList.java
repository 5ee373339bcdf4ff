package org.fastai4j.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Tensors that are updated together, each with its own shape: parameters, gradients, averages.
 *
 * <p>What is done to the list is done to each of its tensors, and with those of the same place in
 * another list. On a GPU it takes one call of the engine's {@code _foreach} kernels; on the CPU,
 * where those go through the tensors one by one, a loop is faster. Optimizers are written with it.
 */
public final class TensorList {
  private final List<Tensor> tensors;
  private final boolean together;

  private TensorList(List<Tensor> tensors, boolean together) {
    this.tensors = tensors;
    this.together = together;
  }

  /** These tensors. */
  public static TensorList of(List<Tensor> tensors) {
    return of(tensors, !tensors.isEmpty() && tensors.get(0).device().type() == Device.Type.CUDA);
  }

  /** These tensors, which are where those of this list are. */
  public TensorList beside(List<Tensor> others) {
    return of(others, together);
  }

  /** With {@code together} the kernels for lists are used, on whatever device. */
  static TensorList of(List<Tensor> tensors, boolean together) {
    return new TensorList(List.copyOf(tensors), together);
  }

  /** The tensors, in order. */
  public List<Tensor> tensors() {
    return Collections.unmodifiableList(tensors);
  }

  /** How many there are. */
  public int size() {
    return tensors.size();
  }

  /** {@code this += alpha * other}. */
  public TensorList add_(TensorList other, double alpha) {
    return together
        ? call_(ForEach.ADD_LIST, this, other, alpha)
        : each_(other, (a, b) -> a.add_(b, alpha));
  }

  /** {@code this[i] += alphas[i] * other[i]}. */
  public TensorList add_(TensorList other, double... alphas) {
    if (alphas.length != size()) {
      throw new TensorException("add_: " + alphas.length + " factors for " + size() + " tensors");
    }
    check(other);
    for (int i = 0; i < alphas.length; i++) {
      tensors.get(i).add_(other.tensors.get(i), alphas[i]);
    }
    return this;
  }

  /** {@code this + alpha * other}. */
  public TensorList add(TensorList other, double alpha) {
    return together
        ? call(ForEach.ADD, this, other, alpha)
        : each(other, (a, b) -> a.add(b, alpha));
  }

  /** {@code this += value}. */
  public TensorList add_(double value) {
    return together ? call_(ForEach.ADD_SCALAR, this, value) : each_(a -> a.add_(value));
  }

  /** {@code this *= value}. */
  public TensorList mul_(double value) {
    return together ? call_(ForEach.MUL_SCALAR, this, value) : each_(a -> a.mul_(value));
  }

  /** {@code this * value}. */
  public TensorList mul(double value) {
    return together ? call(ForEach.MUL, this, value) : each(a -> a.mul(value));
  }

  /** {@code this += value * t1 * t2}. */
  public TensorList addcmul_(TensorList t1, TensorList t2, double value) {
    if (together) {
      return call_(ForEach.ADDCMUL, this, t1, t2, value);
    }
    check(t1);
    check(t2);
    for (int i = 0; i < size(); i++) {
      tensors.get(i).addcmul_(t1.tensors.get(i), t2.tensors.get(i), value);
    }
    return this;
  }

  /** {@code this += value * t1 / t2}. */
  public TensorList addcdiv_(TensorList t1, TensorList t2, double value) {
    if (together) {
      return call_(ForEach.ADDCDIV, this, t1, t2, value);
    }
    check(t1);
    check(t2);
    for (int i = 0; i < size(); i++) {
      tensors.get(i).addcdiv_(t1.tensors.get(i), t2.tensors.get(i), value);
    }
    return this;
  }

  /** {@code this / other}. */
  public TensorList div(TensorList other) {
    return together ? call(ForEach.DIV, this, other) : each(other, Tensor::div);
  }

  /** The square roots. */
  public TensorList sqrt() {
    return together ? call(ForEach.SQRT, this) : each(Tensor::sqrt);
  }

  /** The larger of each element and that of {@code other}, in place. */
  public TensorList maximum_(TensorList other) {
    return each_(other, (a, b) -> a.copy_(a.maximum(b)));
  }

  /** Takes over the values of {@code source}. */
  public TensorList copy_(TensorList source) {
    return each_(source, Tensor::copy_);
  }

  /** What {@code f} makes of each. */
  public TensorList map(UnaryOperator<Tensor> f) {
    return each(f);
  }

  /** The Euclidean norm of each tensor, as a number. */
  public double[] norms() {
    if (size() == 0) {
      return new double[0];
    }
    return Scope.compute(() -> Tensor.stack(each(Tensor::norm).tensors).toDoubleArray());
  }

  /**
   * One step of Adam by one pass over memory: {@code grads = m·grads + (1-m)·g}, {@code squares =
   * v·squares + (1-v)·g²}, {@code this -= lr/(1-m^step) · grads / (√(squares/(1-v^step)) + eps)}.
   *
   * @param decoupled whether {@code wd} shrinks this by {@code lr·wd} first, or is added to the
   *     gradient
   * @return false, with nothing done, where the engine has no kernel for such tensors
   */
  public boolean fusedAdam_(
      TensorList gradients,
      TensorList averages,
      TensorList squares,
      long step,
      double lr,
      double mom,
      double sqrMom,
      double eps,
      double wd,
      boolean decoupled) {
    if (!alike(gradients, averages, squares)) {
      return false;
    }
    Tensor count = Tensor.full((double) step).to(tensors.get(0).device());
    TensorList steps = TensorList.of(tensors.stream().map(t -> count).toList());
    TensorList none = TensorList.of(List.of());
    (decoupled ? Fused.ADAMW : Fused.ADAM)
        .call(
            this,
            gradients.asTheyLie(),
            averages,
            squares,
            none,
            steps,
            lr,
            mom,
            sqrMom,
            wd,
            eps,
            false,
            false,
            null,
            null);
    return true;
  }

  /**
   * One step of gradient descent with momentum by one pass over memory: {@code averages =
   * mom·averages + g}, {@code this -= lr·averages}.
   *
   * @return false, with nothing done, where the engine has no kernel for such tensors or, for half
   *     precision on a CPU, one that leaves them where they are
   */
  public boolean fusedSgd_(TensorList gradients, TensorList averages, double lr, double mom) {
    if (!alike(gradients, averages) || halfOnCpu()) {
      return false;
    }
    Fused.SGD.call(this, gradients, averages, 0.0, mom, lr, 0.0, false, false, false, null, null);
    return true;
  }

  // The fused kernels take the memory as it lies, without a look at strides, dtype or device.
  private boolean alike(TensorList... others) {
    for (int i = 0; i < size(); i++) {
      Tensor a = tensors.get(i);
      Device device = a.device();
      if (device.type() == Device.Type.MPS || !a.dtype().isFloatingPoint()) {
        return false;
      }
      for (TensorList other : others) {
        check(other);
        Tensor b = other.tensors.get(i);
        if (b.dtype() != a.dtype() || !b.device().equals(device) || !sameLayout(a, b)) {
          return false;
        }
      }
    }
    return size() > 0;
  }

  private boolean halfOnCpu() {
    return tensors.stream()
        .anyMatch(
            t ->
                t.device().type() == Device.Type.CPU
                    && (t.dtype() == DType.BFLOAT16 || t.dtype() == DType.FLOAT16));
  }

  // On a CPU, the kernel of Adam copies each gradient that is not contiguous, and uses no copy.
  private TensorList asTheyLie() {
    return each(
        t ->
            t.isContiguous() || t.device().type() != Device.Type.CPU
                ? t
                : t.asStrided(new long[] {t.numel()}, new long[] {1}, t.storageOffset()));
  }

  private static boolean sameLayout(Tensor a, Tensor b) {
    if (a.isContiguous() && b.isContiguous()) {
      return a.numel() == b.numel();
    }
    if (a.dim() != b.dim() || !a.h().is_non_overlapping_and_dense()) {
      return false;
    }
    for (int i = 0; i < a.dim(); i++) {
      if (a.size(i) != b.size(i) || a.h().stride(i) != b.h().stride(i)) {
        return false;
      }
    }
    return true;
  }

  private void check(TensorList other) {
    if (other.size() != size()) {
      throw new TensorException(
          "a list of " + size() + " tensors was given one of " + other.size() + " to go with");
    }
  }

  private TensorList each_(Consumer<Tensor> f) {
    tensors.forEach(f);
    return this;
  }

  private TensorList each_(TensorList other, BiConsumer<Tensor, Tensor> f) {
    check(other);
    for (int i = 0; i < size(); i++) {
      f.accept(tensors.get(i), other.tensors.get(i));
    }
    return this;
  }

  private TensorList each(UnaryOperator<Tensor> f) {
    List<Tensor> out = new ArrayList<>(size());
    for (Tensor t : tensors) {
      out.add(f.apply(t));
    }
    return new TensorList(out, together);
  }

  private TensorList each(TensorList other, BinaryOperator<Tensor> f) {
    check(other);
    List<Tensor> out = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      out.add(f.apply(tensors.get(i), other.tensors.get(i)));
    }
    return new TensorList(out, together);
  }

  private TensorList call_(Kernel kernel, Object... arguments) {
    kernel.call(arguments);
    return this;
  }

  private TensorList call(Kernel kernel, Object... arguments) {
    return new TensorList(kernel.call(arguments), together);
  }

  @Override
  public String toString() {
    return tensors.toString();
  }

  /** Kernels that do to each tensor of a list what the operation without {@code _foreach} does. */
  private static final class ForEach {
    static final Kernel ADD_LIST = new Kernel("_foreach_add_", "List");
    static final Kernel ADD = new Kernel("_foreach_add", "List");
    static final Kernel ADD_SCALAR = new Kernel("_foreach_add_", "Scalar");
    static final Kernel MUL_SCALAR = new Kernel("_foreach_mul_", "Scalar");
    static final Kernel MUL = new Kernel("_foreach_mul", "Scalar");
    static final Kernel ADDCMUL = new Kernel("_foreach_addcmul_", "Scalar");
    static final Kernel ADDCDIV = new Kernel("_foreach_addcdiv_", "Scalar");
    static final Kernel DIV = new Kernel("_foreach_div", "List");
    static final Kernel SQRT = new Kernel("_foreach_sqrt", "");
  }

  /** Kernels that do the whole of an optimizer's step. */
  private static final class Fused {
    static final Kernel ADAM = new Kernel("_fused_adam_", "");
    static final Kernel ADAMW = new Kernel("_fused_adamw_", "");
    static final Kernel SGD = new Kernel("_fused_sgd_", "");
  }
}
