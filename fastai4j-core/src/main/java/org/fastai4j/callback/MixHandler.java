package org.fastai4j.callback;

import java.util.Arrays;
import java.util.function.Supplier;
import org.fastai4j.data.Batch;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;
import org.fastai4j.nn.Loss;
import org.fastai4j.tensor.Tensor;

/**
 * What {@link MixUp} and {@link CutMix} share; fastai's {@code MixHandler}: every item is mixed
 * with a partner from its batch, and so is its target. Where targets are classes it is their losses
 * that are mixed.
 */
abstract class MixHandler implements Callback {
  private final Supplier<Draws> draws;
  private final double alpha;

  MixHandler(double alpha, Supplier<Draws> draws) {
    if (!(alpha > 0)) {
      throw new IllegalArgumentException(
          getClass().getSimpleName() + ": alpha is " + alpha + "; use more than 0");
    }
    this.alpha = alpha;
    this.draws = draws;
  }

  /**
   * Mixed inputs, and the share of each item in its own: {@code [n]}, or {@code [1]} for all.
   *
   * @param x inputs, {@code [n, ...]}, that must stay as they are
   * @param partners the numbers of the items to mix with, {@code [n]}
   */
  abstract Mixed mix(Tensor x, Tensor partners, double alpha, Draws draws);

  record Mixed(Tensor x, Tensor share) {}

  @Override
  public boolean joins(Run run) {
    return run != Run.EVALUATE;
  }

  @Override
  public void beforeTrain(Learner learn) {
    putBack(learn); // where an epoch was cancelled
  }

  @Override
  public void beforeBatch(Learner learn) {
    if (!learn.isTraining()) {
      return;
    }
    Loss loss = learn.lossFunction();
    Batch batch = learn.batch();
    Draws drawn = draws.get();
    Tensor partners = drawn.permutation(batch.size()).to(batch.x().device());
    Mixed mixed = mix(batch.x(), partners, alpha, drawn);
    Tensor y = batch.y();
    if (loss.classTargets()) {
      learn.setLossFunction(new MixedLoss(loss, y.indexSelect(0, partners), mixed.share));
    } else {
      Tensor own = y.dtype().isFloatingPoint() ? y : y.toFloat();
      y = own.indexSelect(0, partners).lerp(own, over(mixed.share, own));
    }
    learn.setBatch(new Batch(mixed.x, y));
  }

  @Override
  public void afterBatch(Learner learn) {
    putBack(learn);
  }

  @Override
  public void afterTrain(Learner learn) {
    putBack(learn);
  }

  @Override
  public void cleanupFit(Learner learn) {
    putBack(learn);
  }

  private void putBack(Learner learn) {
    while (learn.lossFunction() instanceof MixedLoss mixed) {
      learn.setLossFunction(mixed.loss);
    }
  }

  /** A number for each item, shaped so that it is broadcast over the item's elements. */
  static Tensor over(Tensor share, Tensor items) {
    long[] shape = new long[items.dim()];
    Arrays.fill(shape, 1);
    shape[0] = share.numel();
    return share.to(items.dtype()).reshape(shape);
  }

  /** {@code share · loss(p, y) + (1 - share) · loss(p, partner's y)} for each item, reduced. */
  private record MixedLoss(Loss loss, Tensor partners, Tensor share) implements Loss {
    @Override
    public Tensor apply(Tensor preds, Tensor targets) {
      return loss.reduction().of(perItem(preds, targets));
    }

    @Override
    public Tensor perItem(Tensor preds, Tensor targets) {
      Tensor own = loss.perItem(preds, targets);
      return loss.perItem(preds, partners).lerp(own, share.to(own.dtype()));
    }

    @Override
    public Tensor activation(Tensor preds) {
      return loss.activation(preds);
    }

    @Override
    public Tensor decodes(Tensor preds) {
      return loss.decodes(preds);
    }

    @Override
    public boolean classTargets() {
      return true;
    }
  }
}
