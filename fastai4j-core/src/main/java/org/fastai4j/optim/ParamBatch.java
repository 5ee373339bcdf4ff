package org.fastai4j.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Part;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that take one step together: of one {@link ParamGroup}, of one dtype, all decayed or
 * none, with the same number of steps behind them.
 */
public final class ParamBatch {
  private final ParamGroup group;
  private final double wd;
  private final boolean decoupleWd;
  private final long step;
  private final DType dtype;
  private final List<Param> params = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Tensor> grads = new ArrayList<>();
  private final List<Runnable> writes = new ArrayList<>(0);
  private @Nullable TensorList parameters;
  private @Nullable TensorList gradients;

  ParamBatch(ParamGroup group, double wd, boolean decoupleWd, long step, DType dtype) {
    this.group = group;
    this.wd = wd;
    this.decoupleWd = decoupleWd;
    this.step = step;
    this.dtype = dtype;
  }

  boolean takes(Param p, double wdOfIt) {
    return p.step + 1 == step && wdOfIt == wd && p.tensor().dtype() == dtype;
  }

  void add(Param p, Tensor gradient) {
    params.add(p);
    tensors.add(p.tensor());
    grads.add(gradient);
  }

  /** Adds a part of a parameter as a dense copy, which takes its place when the step is done. */
  void add(Param p, Part part) {
    Tensor dense = part.tensor().copy();
    params.add(p);
    tensors.add(dense);
    grads.add(part.tensor().grad());
    writes.add(
        () -> {
          if (wd != 0) {
            p.tensor().mul_(1 - lr() * wd); // what was left out only decays
          }
          part.tensor().copy_(dense);
        });
  }

  void done() {
    writes.forEach(Runnable::run);
    for (Param p : params) {
      p.step = step;
    }
  }

  /** The parameters, or {@linkplain Optimizer#movesParts parts} of them, to be changed in place. */
  public TensorList parameters() {
    if (parameters == null) {
      parameters = TensorList.of(tensors);
    }
    return parameters;
  }

  /** Their gradients; not to be changed. */
  public TensorList gradients() {
    if (gradients == null) {
      gradients = parameters().beside(grads);
    }
    return gradients;
  }

  /** A hyper-parameter of their group. */
  public double hyper(String name) {
    return group.hyper(name);
  }

  /** The learning rate of their group. */
  public double lr() {
    return group.hyper("lr");
  }

  /** Their weight decay: 0 where they are exempt from it. */
  public double wd() {
    return wd;
  }

  /** Whether weight decay shrinks the parameters, or else is added to the gradients. */
  public boolean decoupleWd() {
    return decoupleWd;
  }

  /** The number of this step for them, from 1. */
  public long step() {
    return step;
  }

  /** What the optimizer keeps under this name for each of them; zeros at first. */
  public TensorList state(String name) {
    return state(name, Tensor::zerosLike);
  }

  /** What the optimizer keeps under this name for each of them; made by {@code first} at first. */
  public TensorList state(String name, UnaryOperator<Tensor> first) {
    List<Tensor> out = new ArrayList<>(params.size());
    for (Param p : params) {
      Tensor kept = p.state.get(name);
      if (kept == null) {
        kept = Scope.keep(first.apply(tensors.get(out.size())));
        p.state.put(name, kept);
      }
      out.add(kept);
    }
    return parameters().beside(out);
  }

  /** {@code G = mom · G + g}, kept as {@code grad_avg}; {@code g} itself where mom is 0. */
  TensorList momentum(TensorList g) {
    double mom = hyper("mom");
    return mom == 0 ? g : state("grad_avg").mul_(mom).add_(g, 1.0);
  }

  /**
   * Decays the parameters: {@code p *= 1 - lr · wd}; or, where it is not decoupled, makes {@link
   * #gradients} the sum of the gradients and {@code wd · p}.
   */
  public void decay() {
    if (wd == 0) {
      return;
    }
    if (decoupleWd) {
      parameters().mul_(1 - lr() * wd);
    } else {
      gradients = gradients().add(parameters(), wd);
    }
  }
}
