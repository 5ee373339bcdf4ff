package org.fastai4j.learner;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.data.DataException;
import org.fastai4j.nn.Loss;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/** Collects outputs and targets of a pass; fastai's {@code GatherPredsCallback}. */
final class GatherPreds implements Callback {
  private final List<Tensor> outputs = new ArrayList<>();
  private final List<Tensor> targets = new ArrayList<>();

  @Override
  public void afterPred(Learner learn) {
    outputs.add(Scope.keep(learn.pred().detach().to(Device.CPU)));
  }

  @Override
  public void afterBatch(Learner learn) {
    if (learn.batch().hasTargets()) {
      targets.add(Scope.keep(learn.batch().y().copy().to(Device.CPU)));
    }
  }

  Predictions predictions(Loss loss) {
    if (outputs.isEmpty()) {
      throw new DataException("there is nothing to predict: the pass had no batch");
    }
    return new Predictions(cat(outputs), targets.isEmpty() ? null : cat(targets), loss);
  }

  private static Tensor cat(List<Tensor> parts) {
    return Scope.compute(
        () -> {
          parts.forEach(Scope::adopt); // they end here
          return Tensor.cat(parts.toArray(Tensor[]::new));
        });
  }
}
