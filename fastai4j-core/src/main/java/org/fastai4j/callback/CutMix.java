package org.fastai4j.callback;

import java.util.function.Supplier;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * Trains on images with a box cut out of another image of the batch, at the same place; fastai's
 * {@code CutMix}. Yun et al., 2019.
 *
 * <p>One λ is drawn from {@code Beta(alpha, alpha)} for a batch; the box has {@code 1-λ} of the
 * area, its center anywhere, and is clipped at the edges. The share of an image in its target is
 * the share of its pixels that are left.
 */
public final class CutMix extends MixHandler {
  /** Cuts with fastai's alpha of 1, by which boxes of all sizes are as likely. */
  public CutMix() {
    this(1);
  }

  /** Cuts about half of the area more often the larger {@code alpha} is. */
  public CutMix(double alpha) {
    this(alpha, Draws::new);
  }

  CutMix(double alpha, Supplier<Draws> draws) {
    super(alpha, draws);
  }

  /** Columns {@code x1..x2} and rows {@code y1..y2}, without the last. */
  record Box(long x1, long y1, long x2, long y2) {
    /** The box that is cut out of {@code width · height} pixels. */
    static Box of(double lambda, long centerX, long centerY, long width, long height) {
      double side = Math.sqrt(1 - lambda);
      long halfX = (long) Math.rint(width * side) / 2;
      long halfY = (long) Math.rint(height * side) / 2;
      return new Box(
          Math.max(centerX - halfX, 0),
          Math.max(centerY - halfY, 0),
          Math.min(centerX + halfX, width),
          Math.min(centerY + halfY, height));
    }

    Tensor of(Tensor images) {
      int dim = images.dim();
      return images.narrow(dim - 2, y1, y2 - y1).narrow(dim - 1, x1, x2 - x1);
    }

    double area() {
      return (double) (x2 - x1) * (y2 - y1);
    }
  }

  @Override
  Mixed mix(Tensor x, Tensor partners, double alpha, Draws draws) {
    if (x.dim() < 3) {
      throw new TensorException(
          "CutMix: wants images [n, ..., h, w]; the batch is " + x.shape() + "; MixUp takes any");
    }
    long width = x.size(-1);
    long height = x.size(-2);
    Box box = draws.box(alpha, width, height);
    Tensor cut = x.copy(); // a batch may be a view of the data set
    box.of(cut).copy_(box.of(x).indexSelect(0, partners));
    Tensor share = Tensor.of(new double[] {1 - box.area() / (width * height)}).toFloat();
    return new Mixed(cut, share.to(x.device()));
  }
}
