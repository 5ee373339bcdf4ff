package org.fastai4j.nn;

import java.util.stream.IntStream;
import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * How far the pixels of each class are from those predicted, {@code 1 - (2·Σpt + s) / (Σ(p + t) +
 * s)} for each image and class, summed; fastai's.
 *
 * <p>Predictions are logits {@code [n, c, h, w]}, targets classes {@code [n, h, w]}. Milletari et
 * al., 2016.
 */
public final class DiceLoss implements Loss {
  private final double smooth;
  private final boolean squareInUnion;
  private final Reduction reduction;

  /** Smoothing 1e-6, the sum over images and classes. */
  public DiceLoss() {
    this(1e-6, false, Reduction.SUM);
  }

  private DiceLoss(double smooth, boolean squareInUnion, Reduction reduction) {
    this.smooth = smooth;
    this.squareInUnion = squareInUnion;
    this.reduction = reduction;
  }

  /** What is added above and below the line, so that an absent class divides nothing by zero. */
  public DiceLoss withSmooth(double value) {
    return new DiceLoss(value, squareInUnion, reduction);
  }

  /** With {@code Σ(p² + t)} below the line. */
  public DiceLoss withSquareInUnion() {
    return new DiceLoss(smooth, true, reduction);
  }

  /** How images and classes are put together: their sum by default. */
  public DiceLoss withReduction(Reduction how) {
    return new DiceLoss(smooth, squareInUnion, how);
  }

  @Override
  public Tensor apply(Tensor preds, Tensor targets) {
    return reduction.of(each(preds, targets));
  }

  /** The loss of each image, its classes put together as {@link #apply} does. */
  @Override
  public Tensor perItem(Tensor preds, Tensor targets) {
    Tensor each = each(preds, targets);
    return reduction == Reduction.MEAN ? each.mean(1) : each.sum(1);
  }

  @Override
  public Reduction reduction() {
    return reduction;
  }

  private Tensor each(Tensor preds, Tensor targets) {
    if (preds.dim() < 3 || targets.dim() != preds.dim() - 1) {
      throw new TensorException(
          "DiceLoss: wants logits [n, c, h, w] and classes [n, h, w]; it was given "
              + preds.shape()
              + " and "
              + targets.shape());
    }
    Tensor p = preds.softmax(1);
    Tensor hot = oneHot(targets.toLong(), preds.size(1)).to(preds.dtype());
    int[] order = new int[preds.dim()];
    order[1] = preds.dim() - 1;
    for (int i = 2; i < order.length; i++) {
      order[i] = i - 1;
    }
    Tensor t = hot.permute(order);
    int[] pixels = IntStream.range(2, preds.dim()).toArray();
    Tensor inter = p.mul(t).sum(pixels);
    Tensor union = (squareInUnion ? p.square() : p).add(t).sum(pixels);
    return inter.mul(2).add(smooth).div(union.add(smooth)).rsub(1);
  }

  private Tensor oneHot(Tensor classes, long count) {
    try {
      return classes.oneHot(count);
    } catch (TensorException e) {
      throw ClassLoss.outOfRange(this, classes, count, 0, e);
    }
  }

  /** The probabilities of the classes, by softmax. */
  @Override
  public Tensor activation(Tensor preds) {
    return preds.softmax(1);
  }

  /** The most probable class, int64. */
  @Override
  public Tensor decodes(Tensor preds) {
    return preds.argmax(1);
  }

  @Override
  public boolean classTargets() {
    return true;
  }

  @Override
  public String toString() {
    return "DiceLoss";
  }
}
