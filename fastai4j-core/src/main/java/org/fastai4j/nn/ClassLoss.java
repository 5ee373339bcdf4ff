package org.fastai4j.nn;

import java.util.List;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * What losses over classes share: predictions {@code [..., c]} become {@code [n, c]} and targets
 * {@code [n]} of int64, with the classes' axis moved to the end. Immutable: the withers give
 * copies.
 */
abstract class ClassLoss<L extends ClassLoss<L>> implements Loss {
  /** What all of them can be told; {@code weight} has one tensor or none. */
  record Settings(List<Tensor> weight, int axis, Reduction reduction) {
    static final Settings DEFAULT = new Settings(List.of(), -1, Reduction.MEAN);
  }

  /** PyTorch's mark of a target that does not count. */
  static final long IGNORED = -100;

  private static final Tensor[] NO_WEIGHT = {};

  final Settings settings;

  ClassLoss(Settings settings) {
    this.settings = settings;
  }

  abstract L with(Settings changed);

  /** The loss of logits {@code [n, c]} and classes {@code [n]} of int64. */
  abstract Tensor compute(Tensor logits, Tensor classes, Reduction reduction, Tensor... weight);

  /** A factor for each class, {@code [c]}. */
  public final L withWeight(Tensor weight) {
    return with(
        new Settings(
            List.of(Scope.keep(weight.detach().copy())), settings.axis, settings.reduction));
  }

  /** The axis of the predictions that has the classes; the last by default, 1 for images. */
  public final L withAxis(int axis) {
    return with(new Settings(settings.weight, axis, settings.reduction));
  }

  /** How {@link #apply} puts the items' losses together: their mean by default. */
  public final L withReduction(Reduction reduction) {
    return with(new Settings(settings.weight, settings.axis, reduction));
  }

  /**
   * The loss of a batch.
   *
   * @param preds logits, {@code [n, c]} or with further axes
   * @param targets classes, the shape of {@code preds} without the axis of the classes
   * @throws TensorException if a class is out of range; on a GPU the engine only notices later
   */
  @Override
  public final Tensor apply(Tensor preds, Tensor targets) {
    return flattened(preds, targets, settings.reduction);
  }

  /** The loss of each item; where an item has several targets, their plain mean. */
  @Override
  public final Tensor perItem(Tensor preds, Tensor targets) {
    Tensor each = flattened(preds, targets, Reduction.NONE);
    long n = preds.length();
    return each.numel() == n ? each : each.view(n, -1).mean(1);
  }

  @Override
  public final Reduction reduction() {
    return settings.reduction;
  }

  private Tensor flattened(Tensor preds, Tensor targets, Reduction reduction) {
    Tensor logits = preds;
    int axis = settings.axis < 0 ? settings.axis + preds.dim() : settings.axis;
    if (preds.dim() != 2 || axis != 1) {
      Tensor last = axis == preds.dim() - 1 ? preds : lastAxis(preds, axis);
      logits = last.reshape(-1, preds.size(axis));
    }
    Tensor classes = targets;
    if (targets.dtype().isFloatingPoint()) {
      classes = probabilities(targets, preds, axis);
    } else if (targets.dim() != 1 || targets.dtype() != DType.INT64) {
      classes = targets.toLong().reshape(-1);
    }
    Tensor[] weight =
        settings.weight.isEmpty()
            ? NO_WEIGHT
            : new Tensor[] {settings.weight.get(0).to(preds.device()).to(preds.dtype())};
    try {
      return compute(logits, classes, reduction, weight);
    } catch (TensorException e) {
      throw outOfRange(this, classes, logits.size(1), ignored(), e);
    }
  }

  /** Targets that are fractions: an error, but for losses that take probabilities. */
  Tensor probabilities(Tensor targets, Tensor preds, int axis) {
    throw new TensorException(
        this
            + ": targets are classes, whole numbers; they are "
            + targets.shape()
            + " "
            + targets.dtype()
            + "; convert them with toLong(), or use MSELoss for numbers to be predicted");
  }

  static Tensor lastAxis(Tensor t, int axis) {
    int[] order = new int[t.dim()];
    for (int i = 0, next = 0; i < order.length; i++) {
      if (i != axis) {
        order[next++] = i;
      }
    }
    order[order.length - 1] = axis;
    return t.permute(order);
  }

  // The engine checks every target on the CPU as it goes, so that only a failure costs anything.
  static TensorException outOfRange(
      Loss loss, Tensor classes, long count, long ignored, TensorException e) {
    if (!classes.dtype().isFloatingPoint() && classes.device().equals(Device.CPU)) {
      for (long c : classes.toLongArray()) {
        if ((c < 0 || c >= count) && c != ignored) {
          return new TensorException(
              loss
                  + ": target class "
                  + c
                  + " is out of range: the predictions have "
                  + count
                  + " classes, 0 to "
                  + (count - 1)
                  + "; give the last layer as many outputs as there are classes",
              e);
        }
      }
    }
    return e;
  }

  /** The class that does not count. */
  long ignored() {
    return IGNORED;
  }

  /** The probabilities of the classes, by softmax. */
  @Override
  public final Tensor activation(Tensor preds) {
    return preds.softmax(settings.axis);
  }

  /** The most probable class, int64. */
  @Override
  public final Tensor decodes(Tensor preds) {
    return preds.argmax(settings.axis);
  }

  @Override
  public final boolean classTargets() {
    return true;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
