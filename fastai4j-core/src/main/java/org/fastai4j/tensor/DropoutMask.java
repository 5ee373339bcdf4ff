package org.fastai4j.tensor;

import org.bytedeco.pytorch.LongOptional;

/**
 * What dropout multiplies by: 0 for the elements that it drops, and for the others what makes up
 * for those.
 *
 * <p>Built without MKL, as here, libtorch draws 64 bits for each element, on one core: for 256 rows
 * of 1,024 columns dropout takes 2.3 ms. Here four elements share such a draw, 16 bits each, and it
 * takes 0.5. The masks of one seed are not those of a PyTorch without MKL; those of one with MKL,
 * which draws in yet another way, are not either.
 */
final class DropoutMask {
  private static final int PER_DRAW = Long.SIZE / Short.SIZE;
  private static final int STEPS = 1 << Short.SIZE;
  private static final double LEAST = 0.01;

  private DropoutMask() {}

  /**
   * Whether a mask is drawn here: not on a GPU, which draws fast, not for other layouts, and not
   * for a share so near to all or nothing that steps of 1/65536 are coarse.
   */
  static boolean fits(Tensor x, double p) {
    return x.device().equals(Device.CPU)
        && x.isContiguous()
        && x.dtype().isFloatingPoint()
        && p >= LEAST
        && p <= 1 - LEAST;
  }

  /** A mask for {@code x}, which keeps an element with probability {@code 1 - p}. */
  static Tensor of(Tensor x, double p) {
    return Scope.compute(
        () -> {
          long n = x.numel();
          Tensor draws = Tensor.empty(DType.INT64, (n + PER_DRAW - 1) / PER_DRAW);
          try (LongOptional noEnd = new LongOptional()) {
            draws.h().random_(Long.MIN_VALUE, noEnd);
          }
          Tensor numbers = draws.view(DType.INT16).narrow(0, 0, n).view(x.shape().toArray());
          long kept = Math.round((1 - p) * STEPS);
          return numbers.lt((double) (kept + Short.MIN_VALUE)).to(x.dtype()).div_(1 - p);
        });
  }
}
