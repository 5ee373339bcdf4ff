package org.fastai4j.vision;

import java.util.random.RandomGenerator;
import org.fastai4j.tensor.Tensor;

/** Changes of light, made on the logits of values in 0..1, so that none leaves that range. */
final class Lighting {
  private static final double EPS = 1e-7;

  private Lighting() {}

  /** 0.5 changes nothing. */
  static double drawBrightness(boolean wanted, double max, RandomGenerator random) {
    return wanted ? 0.5 * (1 + max * (2 * random.nextDouble() - 1)) : 0.5;
  }

  /** 1 changes nothing. */
  static double drawContrast(boolean wanted, double max, RandomGenerator random) {
    return wanted ? Math.exp(-Math.log(1 - max) * (2 * random.nextDouble() - 1)) : 1;
  }

  /** {@code sigmoid((logit(x) + logit(brightness)) contrast)}, a value of each for each image. */
  static Tensor change(Tensor x, double[] brightness, double[] contrast) {
    double[] shift = new double[brightness.length];
    for (int i = 0; i < shift.length; i++) {
      shift[i] = Math.log(brightness[i] / (1 - brightness[i])) * contrast[i];
    }
    return logits(x).mul_(perImage(contrast, x)).add_(perImage(shift, x)).sigmoid_();
  }

  /** {@code c x + (1 - c) grey(x)} on the logits; a value for each image. */
  static Tensor saturate(Tensor x, double[] change) {
    Tensor l = logits(x);
    double[] rest = new double[change.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = 1 - change[i];
    }
    Tensor weights = Tensor.of(new double[] {0.2989, 0.5870, 0.1140}, 3, 1, 1).toFloat();
    Tensor grey = l.mul(weights.to(x.device())).sumKeepDim(1);
    return l.mul_(perImage(change, x)).add_(grey.mul_(perImage(rest, x))).sigmoid_();
  }

  static Tensor logits(Tensor x) {
    return x.logit(EPS);
  }

  private static Tensor perImage(double[] values, Tensor x) {
    return Tensor.of(values, values.length, 1, 1, 1).toFloat().to(x.device());
  }
}
