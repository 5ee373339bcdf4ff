package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.Tensor;

/** How to make an optimizer, such as {@code SGD::new}; fastai's {@code opt_func}. */
@FunctionalInterface
public interface OptimizerFunction {
  /** An optimizer of {@code parameters} with learning rate {@code lr}. */
  Optimizer create(List<Tensor> parameters, double lr);
}
