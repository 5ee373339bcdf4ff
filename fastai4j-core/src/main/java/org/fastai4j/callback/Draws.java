package org.fastai4j.callback;

import java.util.SplittableRandom;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * The random choices of one batch, all of them made from the state of the engine's generator, so
 * that a seed and a resumed run repeat them.
 */
class Draws {
  private final SplittableRandom random =
      new SplittableRandom(Scope.compute(() -> Tensor.randint(0, Long.MAX_VALUE, 1).itemLong()));

  /** The numbers below {@code n} in random order, int64 {@code [n]}. */
  Tensor permutation(long n) {
    return Tensor.randperm(n);
  }

  /** A box with its center anywhere in {@code width · height} pixels. */
  CutMix.Box box(double alpha, long width, long height) {
    double lambda = beta(alpha, 1)[0];
    return CutMix.Box.of(lambda, random.nextLong(width), random.nextLong(height), width, height);
  }

  /** {@code n} numbers from the Beta distribution with both parameters {@code alpha}. */
  double[] beta(double alpha, int n) {
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      double a = gamma(alpha);
      double sum = a + gamma(alpha);
      out[i] = sum > 0 ? a / sum : random.nextInt(2); // both too small for a double
    }
    return out;
  }

  /** A number from the Gamma distribution; Marsaglia and Tsang, 2000. */
  private double gamma(double shape) {
    if (shape < 1) {
      return gamma(shape + 1) * Math.pow(random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + x / Math.sqrt(9 * d), 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
