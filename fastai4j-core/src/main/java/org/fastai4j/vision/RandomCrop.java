package org.fastai4j.vision;

import java.util.random.RandomGenerator;

/**
 * A part of this size, not resized: anywhere in training, the middle in validation. A smaller image
 * lies in the middle of black.
 */
public record RandomCrop(int height, int width) implements ItemTransform {
  public RandomCrop {
    Resize.requireSize("RandomCrop", height, width);
  }

  public static RandomCrop to(int size) {
    return new RandomCrop(size, size);
  }

  @Override
  public Image apply(Image image) {
    return ImageWindow.center(image, width, height);
  }

  @Override
  public Image train(Image image, RandomGenerator random) {
    int left = start(image.width() - width, random);
    int top = start(image.height() - height, random);
    return ImageWindow.cut(image, left, top, width, height, PadMode.ZEROS);
  }

  private static int start(int room, RandomGenerator random) {
    return room > 0 ? random.nextInt(room + 1) : Math.floorDiv(room, 2);
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
