package org.fastai4j.vision;

import java.util.random.RandomGenerator;

/**
 * In training, with probability {@code p}, the image turned and mirrored in one of the eight ways
 * that keep its pixels, for images that have no upside, such as those from above.
 */
public record DihedralItem(double p) implements ItemTransform {
  /** All of them. */
  public DihedralItem() {
    this(1);
  }

  @Override
  public Image apply(Image image) {
    return image;
  }

  @Override
  public Image train(Image image, RandomGenerator random) {
    return random.nextDouble() < p ? ImageWindow.dihedral(image, random.nextInt(8)) : image;
  }

  @Override
  public boolean isRandom() {
    return true;
  }
}
