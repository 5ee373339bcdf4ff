package org.fastai4j.vision;

/** The image resized so that its longer side is {@code maxSize}, its shape kept. */
public record RatioResize(int maxSize) implements ItemTransform {
  public RatioResize {
    Resize.requireSize("RatioResize", maxSize, maxSize);
  }

  @Override
  public Image apply(Image image) {
    int longer = Math.max(image.width(), image.height());
    int width = Math.max(1, (int) ((long) image.width() * maxSize / longer));
    int height = Math.max(1, (int) ((long) image.height() * maxSize / longer));
    return image.resize(width, height);
  }

  @Override
  public int order() {
    return 1;
  }
}
