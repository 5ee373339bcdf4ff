package org.fastai4j.vision;

import java.util.random.RandomGenerator;
import org.fastai4j.tensor.Tensor;

/**
 * In training, colors made stronger or paler, each image with probability {@code p}, on the logits.
 *
 * @param maxLighting how far, 0.2 unless set
 */
public record Saturation(double maxLighting, double p) implements BatchTransform {
  /** fastai's defaults. */
  public Saturation() {
    this(0.2, 0.75);
  }

  @Override
  public Tensor train(Tensor x, RandomGenerator random) {
    double[] change = new double[(int) x.size(0)];
    for (int i = 0; i < change.length; i++) {
      change[i] = Lighting.drawContrast(random.nextDouble() < p, maxLighting, random);
    }
    return Lighting.saturate(x, change);
  }

  @Override
  public int order() {
    return 40;
  }
}
