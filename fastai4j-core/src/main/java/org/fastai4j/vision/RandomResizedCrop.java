package org.fastai4j.vision;

import java.util.random.RandomGenerator;

/**
 * In training a part of the image, drawn in area, shape and place, made {@code height} by {@code
 * width}; in validation the whole image stretched to somewhat more, and the middle of that.
 *
 * @param minScale the smallest share of the image's area, 0.08 unless set
 * @param maxScale the largest share, 1 unless set
 * @param minRatio the narrowest shape, width to height, 3/4 unless set
 * @param maxRatio the widest shape, 4/3 unless set
 * @param valXtra the share that validation cuts off, 0.14 unless set
 * @see <a href="https://docs.fast.ai/vision.augment.html#randomresizedcrop">fastai's
 *     RandomResizedCrop</a>
 */
public record RandomResizedCrop(
    int height,
    int width,
    double minScale,
    double maxScale,
    double minRatio,
    double maxRatio,
    double valXtra)
    implements ItemTransform {
  private static final int TRIES = 10;

  public RandomResizedCrop {
    Resize.requireSize("RandomResizedCrop", height, width);
  }

  public static RandomResizedCrop to(int size) {
    return to(size, size);
  }

  public static RandomResizedCrop to(int height, int width) {
    return new RandomResizedCrop(height, width, 0.08, 1, 3 / 4.0, 4 / 3.0, 0.14);
  }

  public RandomResizedCrop minScale(double share) {
    return new RandomResizedCrop(height, width, share, maxScale, minRatio, maxRatio, valXtra);
  }

  public RandomResizedCrop ratio(double min, double max) {
    return new RandomResizedCrop(height, width, minScale, maxScale, min, max, valXtra);
  }

  @Override
  public Image apply(Image image) {
    int extra = (int) Math.ceil(Math.max(height, width) * valXtra / 8) * 8;
    return ImageWindow.center(image.resize(width + extra, height + extra), width, height);
  }

  @Override
  public Image train(Image image, RandomGenerator random) {
    int w = image.width();
    int h = image.height();
    for (int i = 0; i < TRIES; i++) {
      double area = random.nextDouble(minScale, Math.nextUp(maxScale)) * w * h;
      double shape =
          Math.exp(random.nextDouble(Math.log(minRatio), Math.nextUp(Math.log(maxRatio))));
      int partWidth = (int) Math.rint(Math.sqrt(area * shape));
      int partHeight = (int) Math.rint(Math.sqrt(area / shape));
      if (partWidth > 0 && partHeight > 0 && partWidth <= w && partHeight <= h) {
        int left = random.nextInt(w - partWidth + 1);
        int top = random.nextInt(h - partHeight + 1);
        return part(image, left, top, partWidth, partHeight);
      }
    }
    double shape = (double) w / h;
    int partWidth = shape > maxRatio ? Math.max(1, (int) (h * maxRatio)) : w;
    int partHeight = shape < minRatio ? Math.max(1, (int) (w / minRatio)) : h;
    return part(image, (w - partWidth) / 2, (h - partHeight) / 2, partWidth, partHeight);
  }

  Image part(Image image, int left, int top, int partWidth, int partHeight) {
    return image.crop(left, top, partWidth, partHeight).resize(width, height);
  }

  @Override
  public boolean isRandom() {
    return true;
  }

  @Override
  public int order() {
    return 1;
  }
}
