package org.fastai4j.tensor;

import java.util.Locale;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * {@code x Wᵀ + b} of many columns in and few out, computed in blocks of rows.
 *
 * <p>OpenBLAS copies the factors of a large product into an order of its own, which pays when each
 * number is used many times. With few columns out it does not: a quarter of the time of 256 images
 * of 784 pixels by 30 columns is copying. With AVX-512, OpenBLAS multiplies factors of up to a
 * million steps as they lie, so the rows are taken in blocks that stay below that, forward and
 * backward: as the pixels of so many images, of which a convolution of one pixel is that product.
 * {@code thnn_conv2d} is the engine's convolution that gives each image to OpenBLAS. The sums of a
 * gradient are added up in another order than PyTorch's.
 */
final class NarrowProduct {
  /** Multiplications up to which OpenBLAS does without copies. */
  private static final long SMALL = 1_000_000;

  /** Numbers of a result up to which it does so where one factor is transposed, as the weights. */
  private static final long SMALL_RESULT = 1200;

  /** With fewer columns in there is little to win. */
  private static final long FEWEST_COLUMNS = 64;

  /** With more columns out, each number that is copied is used often enough. */
  private static final long MOST_OUT = 64;

  /** With fewer rows to a block, adding up their gradients outweighs it. */
  private static final long FEWEST_ROWS = 12;

  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  /** What OPENBLAS_CORETYPE may name for that; the kernels of other processors copy. */
  private static final Set<String> WITHOUT_COPIES =
      Set.of("skylakex", "cooperlake", "sapphirerapids");

  private static final boolean PAYS = pays();

  private NarrowProduct() {}

  private static boolean pays() {
    Engine.load();
    return pays(torch.get_cpu_capability().getString(), System.getenv("OPENBLAS_CORETYPE"));
  }

  static boolean pays(String capability, @Nullable String coreType) {
    return capability.startsWith("AVX512")
        && (coreType == null
            || coreType.isEmpty()
            || WITHOUT_COPIES.contains(coreType.toLowerCase(Locale.ROOT)));
  }

  /**
   * In how many blocks the rows of {@code x} are best taken: all of the same size, or 1. A gradient
   * for {@code x} would cost more than the blocks save, and so would a second thread, which the
   * whole product takes.
   */
  static long blocks(Tensor x, Tensor weight, Tensor bias) {
    if (!PAYS
        || torch.get_num_threads() > 1
        || x.dim() != 2
        || weight.dim() != 2
        || bias.dim() != 1) {
      return 1;
    }
    long rows = x.size(0);
    long in = x.size(1);
    long out = bias.size(0);
    long steps = rows * in * out;
    if (in < FEWEST_COLUMNS || out > MOST_OUT || steps <= SMALL || !isPlain(x, weight, bias)) {
      return 1;
    }
    long fewest = Math.max(ceilDiv(steps, SMALL), ceilDiv(rows * out, SMALL_RESULT));
    for (long blocks = fewest; rows / blocks >= FEWEST_ROWS; blocks++) {
      if (rows % blocks == 0) {
        return blocks;
      }
    }
    return 1;
  }

  private static long ceilDiv(long x, long y) {
    return (x + y - 1) / y;
  }

  private static boolean isPlain(Tensor x, Tensor weight, Tensor bias) {
    return weight.size(0) == bias.size(0)
        && weight.size(1) == x.size(1)
        && isFloat(x)
        && isFloat(weight)
        && isFloat(bias)
        && x.is_contiguous()
        && weight.is_contiguous()
        && !x.requires_grad()
        && !torch.is_autocast_enabled(torch.DeviceType.CPU);
  }

  private static boolean isFloat(Tensor t) {
    return t.scalar_type().value == torch.ScalarType.Float.value && t.is_cpu();
  }

  /** The product, in that many blocks. */
  static Tensor linear(Tensor x, Tensor weight, Tensor bias, long blocks) {
    long rows = x.size(0);
    long in = weight.size(1);
    long out = weight.size(0);
    long[] shape = {blocks, in, 1, rows / blocks};
    long[] strides = {rows / blocks * in, 1, rows / blocks * in, in};
    try (Tensor images = x.as_strided(shape, strides);
        Tensor kernel = weight.view(out, in, 1, 1);
        TensorOptional b = new TensorOptional(bias);
        Tensor products = torch.thnn_conv2d(images, kernel, ONE, b, ONE, NONE);
        Tensor pixels = products.permute(0, 2, 3, 1)) {
      Tensor result = pixels.reshape(rows, out);
      if (Autograd.isGradEnabled()) {
        return result;
      }
      try (result) { // without gradients, a tensor of its own and not a view
        return result.clone();
      }
    }
  }
}
