package org.fastai4j.learner;

import org.fastai4j.nn.Loss;
import org.fastai4j.nn.Module;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.jspecify.annotations.Nullable;

/**
 * What a model makes of a set of items: one inference pass, and all that follows from it.
 *
 * <p>On the CPU, in the order of the items.
 */
public final class Predictions {
  private final Tensor outputs;
  private final @Nullable Tensor targets;
  private final Loss loss;

  Predictions(Tensor outputs, @Nullable Tensor targets, Loss loss) {
    this.outputs = Scope.keep(outputs);
    this.targets = targets == null ? null : Scope.keep(targets);
    this.loss = loss;
  }

  /** The model's outputs as they are, such as logits: {@code [n, ...]}. */
  public Tensor outputs() {
    return outputs;
  }

  /** The loss's activation of the outputs, such as probabilities: {@code [n, ...]}. */
  public Tensor preds() {
    return loss.activation(outputs);
  }

  /** The loss's decision for each item, such as the number of its class. */
  public Tensor decoded() {
    return loss.decodes(preds());
  }

  /** Whether the items came with targets. */
  public boolean hasTargets() {
    return targets != null;
  }

  /** The targets: {@code [n, ...]}. */
  public Tensor targets() {
    if (targets == null) {
      throw new TensorException("these items have no targets");
    }
    return targets;
  }

  /** The loss of each item: {@code [n]}. */
  public Tensor losses() {
    Tensor t = targets();
    return Autograd.noGrad(() -> Scope.compute(() -> loss.perItem(outputs, t)));
  }

  /** The number of items. */
  public long size() {
    return outputs.size(0);
  }

  /** The activated output for one item, without a dimension for the batch. */
  static Tensor one(Module model, Loss loss, Tensor item, Device device) {
    if (model.isTraining()) {
      model.eval();
    }
    return Autograd.noGrad(
        () ->
            Scope.compute(
                () -> {
                  Tensor x = item.unsqueeze(0).to(device);
                  return loss.activation(model.forward(x)).squeeze(0);
                }));
  }
}
