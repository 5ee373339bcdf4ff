package org.fastai4j.vision;

/** The middle of the image at this size, not resized; what lies outside is padded. */
public record CropPad(int height, int width, PadMode padMode) implements ItemTransform {
  public CropPad {
    Resize.requireSize("CropPad", height, width);
  }

  /** Padded with black. */
  public static CropPad to(int size) {
    return to(size, size);
  }

  /** Padded with black. */
  public static CropPad to(int height, int width) {
    return new CropPad(height, width, PadMode.ZEROS);
  }

  @Override
  public Image apply(Image image) {
    int left = Math.floorDiv(image.width() - width, 2);
    int top = Math.floorDiv(image.height() - height, 2);
    return ImageWindow.cut(image, left, top, width, height, padMode);
  }
}
