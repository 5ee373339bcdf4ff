package org.fastai4j.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {@code x Wᵀ + b} with few weights, computed in blocks of rows.
 *
 * <p>OpenBLAS copies the factors of a large product into an order of its own, which pays when each
 * number is used many times. With few columns it does not: a quarter of the time of 256 images of
 * 784 pixels by 30 columns is copying. With AVX-512, OpenBLAS multiplies factors of up to a million
 * steps as they lie, so the rows are taken in blocks that stay below that, forward and backward.
 * The sums of a gradient are added up in another order than PyTorch's.
 */
final class NarrowProduct {
  /** Multiplications up to which OpenBLAS does without copies. */
  private static final long SMALL = 1_000_000;

  /** With fewer rows to a block, what is to be added up outweighs what is saved. */
  private static final long FEWEST_ROWS = 24;

  private static final boolean PAYS = pays();

  private NarrowProduct() {}

  private static boolean pays() {
    Engine.load();
    return torch.get_cpu_capability().getString().startsWith("AVX512");
  }

  /**
   * In how many blocks the rows of {@code x} are best taken: all of the same size, or 1. A gradient
   * for {@code x} would cost more than the blocks save.
   */
  static long blocks(Tensor x, Tensor weight, Tensor bias) {
    boolean fits =
        x.dim() == 2
            && weight.dim() == 2
            && x.size(1) == weight.size(1)
            && bias.dim() == 1
            && bias.size(0) == weight.size(0);
    if (!PAYS || !fits) {
      return 1;
    }
    long rows = x.size(0);
    long weights = weight.size(0) * weight.size(1);
    if (rows * weights <= SMALL || FEWEST_ROWS * weights > SMALL) {
      return 1;
    }
    long blocks = (rows * weights + SMALL - 1) / SMALL;
    while (rows % blocks != 0) {
      blocks++;
    }
    boolean plain =
        x.scalar_type().value == torch.ScalarType.Float.value
            && x.is_cpu()
            && x.is_contiguous()
            && !x.requires_grad()
            && !torch.is_autocast_enabled(torch.DeviceType.CPU);
    return plain && rows / blocks >= FEWEST_ROWS ? blocks : 1;
  }

  /** The product, in that many blocks. */
  static Tensor linear(Tensor x, Tensor weight, Tensor bias, long blocks) {
    long rows = x.size(0);
    long in = weight.size(1);
    long out = weight.size(0);
    // Transposed, since then the gradient of the weight comes as the weight lies.
    try (Tensor stack = x.view(blocks, rows / blocks, in);
        Tensor columns = stack.transpose(1, 2);
        Tensor weights = weight.expand(blocks, out, in);
        Tensor column = bias.view(out, 1);
        Tensor products = torch.baddbmm(column, weights, columns);
        Tensor back = products.transpose(1, 2)) {
      return back.reshape(rows, out);
    }
  }
}
