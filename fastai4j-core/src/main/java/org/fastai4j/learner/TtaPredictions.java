package org.fastai4j.learner;

import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoader;
import org.fastai4j.nn.Loss;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * What a model makes of items as they are and of augmented copies of them; all activated, as
 * probabilities, on the CPU and in the order of the items.
 *
 * <pre>{@code
 * var tta = learn.tta();
 * Tensor probabilities = tta.preds(); // three quarters augmented, one quarter plain
 * }</pre>
 */
public final class TtaPredictions {
  private static final double BETA = 0.25;

  private final Predictions plain;
  private final Loss loss;
  private final Tensor mean;
  private final Tensor max;

  private TtaPredictions(Predictions plain, Loss loss, Tensor mean, Tensor max) {
    this.plain = plain;
    this.loss = loss;
    this.mean = Scope.keep(mean);
    this.max = Scope.keep(max);
  }

  static TtaPredictions of(
      Learner learn, DataLoader<Batch> augmented, DataLoader<Batch> plain, int n) {
    if (n < 1) {
      throw new IllegalArgumentException("tta: " + n + " passes; use 1 or more");
    }
    if (augmented.items() != plain.items()) {
      throw new DataException(
          "tta: %d augmented items and %d plain ones; both are to be of the same items"
              .formatted(augmented.items(), plain.items()));
    }
    return Scope.compute(
        () -> {
          Predictions unchanged = learn.getPreds(plain);
          Tensor sum = learn.getPreds(augmented).preds();
          Tensor max = sum;
          for (int i = 1; i < n; i++) {
            Tensor preds = learn.getPreds(augmented).preds();
            sum = sum.add(preds);
            max = max.maximum(preds);
          }
          return new TtaPredictions(unchanged, learn.lossFunction(), sum.div(n), max);
        });
  }

  /** The mean over the passes with augmentation. */
  public Tensor augmented() {
    return mean;
  }

  /** The pass without augmentation, and its targets. */
  public Predictions plain() {
    return plain;
  }

  /** Three quarters of {@link #augmented} and one of {@link #plain}, as fastai's. */
  public Tensor preds() {
    return preds(BETA);
  }

  /** {@code (1 - beta) · augmented + beta · plain}. */
  public Tensor preds(double beta) {
    return mean.lerp(plain.preds(), beta);
  }

  /** The largest of all passes for each element; the rows do not sum to 1. */
  public Tensor max() {
    return max.maximum(plain.preds());
  }

  /** The loss's decision by {@link #preds()}. */
  public Tensor decoded() {
    return loss.decodes(preds());
  }

  /** The targets: {@code [n, ...]}. */
  public Tensor targets() {
    return plain.targets();
  }
}
