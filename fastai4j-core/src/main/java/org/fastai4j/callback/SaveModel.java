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
  private final String monitor;
  private final Path file;
  private final int every;
  private boolean atEnd;
  private boolean withOpt;

  /** Keeps the weights of the epoch with the best {@code monitor} in {@code file}. */
  public SaveModel(Path file, String monitor) {
    this(file, monitor, 0);
  }

  /** As above, where an improvement of up to {@code minDelta} is none. */
  public SaveModel(Path file, String monitor, double minDelta) {
    this(file, monitor, minDelta, 0);
  }

  private SaveModel(Path file, String monitor, double minDelta, int every) {
    super(monitor, minDelta);
    this.monitor = monitor;
    this.file = file;
    this.every = every;
  }

  /**
   * Writes the weights of epochs 0, {@code epochs}, 2·{@code epochs} and so on, whatever they are
   * worth, each to a file of its own: {@code model_2.safetensors} for {@code model.safetensors}.
   * None is taken back.
   */
  public static SaveModel everyEpoch(Path file, int epochs) {
    if (epochs < 1) {
      throw new IllegalArgumentException("SaveModel: every " + epochs + " epochs; use 1 or more");
    }
    return new SaveModel(file, "train_loss", 0, epochs);
  }

  /** Writes the last weights at the end of the fit, and takes none back; returns this. */
  public SaveModel atEnd() {
    atEnd = true;
    return this;
  }

  /** Writes and takes back the optimizer too, as {@link Learner#save} does; returns this. */
  public SaveModel withOpt() {
    withOpt = true;
    return this;
  }

  @Override
  public int order() {
    return 61;
  }

  @Override
  public void afterEpoch(Learner learn) {
    if (every == 0) {
      super.afterEpoch(learn);
    } else if (learn.epoch() % every == 0) {
      save(learn, numbered(learn.epoch()));
    }
  }

  @Override
  void improved(Learner learn) {
    learn.say("Epoch %d has the best %s so far: %s.".formatted(learn.epoch(), monitor, best()));
    save(learn, file);
  }

  @Override
  public void afterFit(Learner learn) {
    if (atEnd) {
      save(learn, file);
    } else if (every == 0 && Double.isFinite(best())) {
      learn.load(file);
    }
  }

  private void save(Learner learn, Path to) {
    if (withOpt) {
      learn.save(to);
    } else {
      Safetensors.save(to, learn.model().stateDict());
    }
  }

  private Path numbered(int epoch) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.');
    return file.resolveSibling(name.substring(0, dot) + "_" + epoch + name.substring(dot));
  }
}
