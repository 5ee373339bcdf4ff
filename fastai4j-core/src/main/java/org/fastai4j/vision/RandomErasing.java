package org.fastai4j.vision;

import java.util.random.RandomGenerator;
import org.fastai4j.tensor.Tensor;

/**
 * In training, with probability {@code p}, boxes of the batch filled with noise, N(0, 1), after
 * {@link Normalize}: the same boxes for every image, as in fastai.
 *
 * @param sl the smallest share of the image that is erased, 0 unless set
 * @param sh the largest share, 0.3 unless set
 * @param minAspect the flattest box, height to width or the other way, 0.3 unless set
 * @param maxCount the most boxes, 1 unless set
 * @see <a href="https://arxiv.org/abs/1708.04896">Random Erasing Data Augmentation</a>
 */
public record RandomErasing(double p, double sl, double sh, double minAspect, int maxCount)
    implements BatchTransform {
  /** fastai's defaults. */
  public RandomErasing() {
    this(0.5, 0, 0.3, 0.3, 1);
  }

  @Override
  public Tensor train(Tensor x, RandomGenerator random) {
    if (random.nextDouble() >= p) {
      return x;
    }
    int height = (int) x.size(2);
    int width = (int) x.size(3);
    int count = 1 + random.nextInt(maxCount);
    for (int i = 0; i < count; i++) {
      double area = (sl + (sh - sl) * random.nextDouble()) * height * width / count;
      double aspect = Math.exp(-Math.log(minAspect) * (2 * random.nextDouble() - 1));
      int h = Math.min(height, (int) Math.rint(Math.sqrt(area * aspect)));
      int w = Math.min(width, (int) Math.rint(Math.sqrt(area / aspect)));
      int top = random.nextInt(height - h + 1);
      int left = random.nextInt(width - w + 1);
      if (h > 0 && w > 0) {
        Tensor box = x.narrow(2, top, h).narrow(3, left, w);
        box.copy_(noise(random, x.size(0), x.size(1), h, w));
      }
    }
    return x;
  }

  private static Tensor noise(RandomGenerator random, long... shape) {
    float[] values = new float[Math.toIntExact(shape[0] * shape[1] * shape[2] * shape[3])];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  @Override
  public int order() {
    return 100;
  }
}
