package org.fastai4j.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/** A function of all predictions and targets, which are kept in memory until the next reset. */
final class WholeSetMetric extends ScopedMetric {
  private final BinaryOperator<Tensor> function;
  private final List<Tensor> preds = new ArrayList<>();
  private final List<Tensor> targets = new ArrayList<>();

  WholeSetMetric(String name, BinaryOperator<Tensor> function) {
    super(name);
    this.function = function;
  }

  @Override
  public void reset() {
    preds.clear();
    targets.clear();
  }

  @Override
  void batch(Tensor batchPreds, Tensor batchTargets) {
    preds.add(Scope.keep(batchPreds.detach().copy().to(Device.CPU)));
    targets.add(Scope.keep(batchTargets.detach().copy().to(Device.CPU)));
  }

  @Override
  public double value() {
    return preds.isEmpty()
        ? Double.NaN
        : Autograd.noGrad(
            () ->
                Scope.compute(
                    () -> function.apply(Tensor.cat(preds, 0), Tensor.cat(targets, 0)).item()));
  }
}
