package org.fastai4j.callback;

import java.nio.file.Path;
import org.fastai4j.io.Safetensors;
import org.fastai4j.learner.Learner;

/**
 * Writes the weights of every epoch that is better than those before to a safetensors file, and
 * takes the best ones back at the end of the fit, also of one that was stopped; fastai's {@code
 * SaveModelCallback}.
 */
public final class SaveModel extends Tracker {
  private final Path file;
  private boolean written;

  /** Keeps the weights of the epoch with the best {@code monitor} in {@code file}. */
  public SaveModel(Path file, String monitor) {
    this(file, monitor, 0);
  }

  /** As above, where an improvement of up to {@code minDelta} is none. */
  public SaveModel(Path file, String monitor, double minDelta) {
    super(monitor, minDelta);
    this.file = file;
  }

  @Override
  public int order() {
    return 61;
  }

  @Override
  public void beforeFit(Learner learn) {
    super.beforeFit(learn);
    written = false;
  }

  @Override
  void improved(Learner learn) {
    Safetensors.save(file, learn.model().stateDict());
    written = true;
  }

  @Override
  public void afterFit(Learner learn) {
    if (written || Double.isFinite(best())) {
      learn.model().loadStateDict(Safetensors.load(file).tensors());
    }
  }
}
