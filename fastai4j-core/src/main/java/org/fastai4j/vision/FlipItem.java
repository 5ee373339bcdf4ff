package org.fastai4j.vision;

import java.util.random.RandomGenerator;

/** In training, the image mirrored left to right with probability {@code p}. */
public record FlipItem(double p) implements ItemTransform {
  /** Half of them. */
  public FlipItem() {
    this(0.5);
  }

  @Override
  public Image apply(Image image) {
    return image;
  }

  @Override
  public Image train(Image image, RandomGenerator random) {
    return random.nextDouble() < p ? ImageWindow.dihedral(image, 1) : image;
  }

  @Override
  public boolean isRandom() {
    return true;
  }
}
