package org.fastai4j.callback;

import java.util.Optional;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Predictions;
import org.fastai4j.learner.Run;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * Keeps what the model makes of some items at the end of each epoch, for the callbacks after it;
 * fastai's {@code FetchPredsCallback}. The fit goes on as it would have without.
 */
public final class FetchPreds implements Callback {
  private final Optional<DataLoader<Batch>> batches;
  private Optional<Predictions> predictions = Optional.empty();

  /** Fetches predictions of the validation set. */
  public FetchPreds() {
    batches = Optional.empty();
  }

  /** Fetches predictions of these batches. */
  public FetchPreds(DataLoader<Batch> batches) {
    this.batches = Optional.of(batches);
  }

  /** The predictions of the last epoch that was validated. */
  public Predictions predictions() {
    return predictions.orElseThrow(
        () -> new IllegalStateException("FetchPreds: no epoch has been validated yet"));
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  @Override
  public void afterValidate(Learner learn) {
    Tensor random = Torch.getRngState();
    Tensor deviceRandom = learn.device().getRngState();
    try {
      predictions = Optional.of(learn.getPreds(batches.orElseGet(learn.dls()::valid)));
    } finally {
      learn.device().setRngState(deviceRandom);
      Torch.setRngState(random);
    }
  }
}
