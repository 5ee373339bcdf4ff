package org.fastai4j.nn;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;

/**
 * What training makes small: a number for predictions and targets. Any lambda is a loss.
 *
 * <p>Those of this package have fastai's behavior: they flatten predictions and targets, convert
 * the targets, and know how raw predictions become probabilities ({@link #activation}) and
 * decisions ({@link #decodes}).
 */
@FunctionalInterface
public interface Loss {
  /** The loss of a batch: a scalar. */
  Tensor apply(Tensor preds, Tensor targets);

  /** The loss of each item of a batch: {@code [n]}. Here each row is put through by itself. */
  default Tensor perItem(Tensor preds, Tensor targets) {
    List<Tensor> losses = new ArrayList<>();
    for (int i = 0; i < preds.length(); i++) {
      losses.add(apply(preds.narrow(0, i, 1), targets.narrow(0, i, 1)));
    }
    return Tensor.stack(losses);
  }

  /** How {@link #apply} puts the items' losses together; here by their mean. */
  default Reduction reduction() {
    return Reduction.MEAN;
  }

  /** What the model's output means, such as probabilities; here the output itself. */
  default Tensor activation(Tensor preds) {
    return preds;
  }

  /** The decision for what {@link #activation} gave, such as a class; here that itself. */
  default Tensor decodes(Tensor preds) {
    return preds;
  }

  /** Whether targets are classes, whole numbers from 0. */
  default boolean classTargets() {
    return false;
  }
}
