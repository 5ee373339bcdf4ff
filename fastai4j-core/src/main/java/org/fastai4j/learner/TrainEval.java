package org.fastai4j.learner;

/**
 * The callback that puts the model into training or evaluation mode and counts how far the fit has
 * come; fastai's {@code TrainEvalCallback}. Always there, before all others.
 */
final class TrainEval implements Callback {
  @Override
  public int order() {
    return -10;
  }

  @Override
  public void beforeTrain(Learner learn) {
    learn.model().train();
    learn.loop().training = true;
    learn.loop().batchesTrained(0);
  }

  @Override
  public void afterBatch(Learner learn) {
    if (learn.isTraining()) {
      learn.loop().batchesTrained(learn.iteration() + 1);
    }
  }

  @Override
  public void beforeValidate(Learner learn) {
    learn.model().eval();
    learn.loop().training = false;
  }
}
