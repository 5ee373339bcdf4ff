package org.fastai4j.callback;

import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.NormLayer;
import org.fastai4j.tensor.Tensor;

/**
 * Keeps normalization layers whose parameters are frozen in evaluation mode, so that their running
 * statistics stay too; fastai's {@code BnFreeze}. Of use with {@code freezeNorms()} on the
 * learner's builder, without which they are never frozen.
 */
public final class BnFreeze implements Callback {
  @Override
  public void beforeTrain(Learner learn) {
    learn
        .model()
        .apply(
            m -> {
              if (m instanceof NormLayer
                  && !m.parameters().isEmpty()
                  && m.parameters().stream().noneMatch(Tensor::requiresGrad)) {
                m.eval();
              }
            });
  }
}
