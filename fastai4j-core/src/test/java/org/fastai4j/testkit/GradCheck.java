package org.fastai4j.testkit;

import java.util.Random;
import java.util.function.Function;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/** Compares the gradient of a function with central differences, in float64. */
public final class GradCheck {
  private static final double STEP = 1e-5;

  private GradCheck() {}

  /**
   * Fails unless {@code f}'s gradient at a random point of this shape is the slope of {@code f}.
   *
   * <p>What is differentiated is a random weighting of the elements of {@code f(x)}; x is drawn
   * from the normal distribution, seeded.
   */
  public static void gradCheck(Function<Tensor, Tensor> f, long... shape) {
    long seed = 20260401;
    Random random = new Random(seed);
    int n = 1;
    for (long size : shape) {
      n *= Math.toIntExact(size);
    }
    double[] at = random.doubles(n).map(u -> 4 * u - 2).toArray();
    Scope.run(
        () -> {
          Tensor x = Tensor.of(at, shape).requiresGrad_();
          Tensor y = f.apply(x);
          double[] weights = random.doubles(y.numel()).toArray();
          Tensor w = Tensor.of(weights, y.shape().toArray());
          y.mul(w).sum().backward();
          double[] gradient = x.grad().toDoubleArray();
          for (int i = 0; i < at.length; i++) {
            double up = value(f, w, at, i, STEP, shape);
            double down = value(f, w, at, i, -STEP, shape);
            double slope = (up - down) / (2 * STEP);
            if (!(Math.abs(slope - gradient[i]) <= 1e-6 + 1e-6 * Math.abs(slope))) {
              throw new AssertionError(
                  "element %d at %s: the gradient is %s, the slope %s (seed %d)"
                      .formatted(i, at[i], gradient[i], slope, seed));
            }
          }
        });
  }

  private static double value(
      Function<Tensor, Tensor> f, Tensor w, double[] at, int i, double step, long... shape) {
    double[] moved = at.clone();
    moved[i] += step;
    return Autograd.noGrad(() -> f.apply(Tensor.of(moved, shape)).mul(w).sum().item());
  }
}
