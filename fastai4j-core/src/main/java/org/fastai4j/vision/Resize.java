package org.fastai4j.vision;

import java.util.random.RandomGenerator;

/**
 * Every image made {@code height} by {@code width}, by PIL's bilinear filter.
 *
 * <pre>{@code
 * Resize.to(128) // the largest part of that shape; training draws where it lies, else the middle
 * Resize.to(128).pad() // the whole image, with what is missing mirrored
 * Resize.to(128).squish() // the whole image, stretched
 * }</pre>
 *
 * @see <a href="https://docs.fast.ai/vision.augment.html#resize">fastai's Resize</a>
 */
public record Resize(int height, int width, Method method, PadMode padMode)
    implements ItemTransform {
  /** How an image of another shape is made to fit. */
  public enum Method {
    CROP,
    PAD,
    SQUISH
  }

  public Resize {
    requireSize("Resize", height, width);
  }

  static void requireSize(String name, int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "%s to %d x %d: both must be at least 1".formatted(name, height, width));
    }
  }

  public static Resize to(int size) {
    return to(size, size);
  }

  public static Resize to(int height, int width) {
    return new Resize(height, width, Method.CROP, PadMode.REFLECTION);
  }

  /** The whole image, with what is missing filled by {@link #padMode}, drawn where in training. */
  public Resize pad() {
    return new Resize(height, width, Method.PAD, padMode);
  }

  /** The whole image, whatever its shape. */
  public Resize squish() {
    return new Resize(height, width, Method.SQUISH, padMode);
  }

  /** What {@link #pad} fills with: reflection unless set. */
  public Resize padMode(PadMode mode) {
    return new Resize(height, width, method, mode);
  }

  @Override
  public Image apply(Image image) {
    return at(image, 0.5, 0.5);
  }

  @Override
  public Image train(Image image, RandomGenerator random) {
    return at(image, random.nextDouble(), random.nextDouble());
  }

  @Override
  public boolean isRandom() {
    return method != Method.SQUISH;
  }

  /** With the part, or the image in its frame, at this share of the room there is. */
  Image at(Image image, double x, double y) {
    if (method == Method.SQUISH) {
      return image.resize(width, height);
    }
    double across = (double) image.width() / width;
    double down = (double) image.height() / height;
    double scale = method == Method.CROP ? Math.min(across, down) : Math.max(across, down);
    int w = Math.max(1, (int) (scale * width));
    int h = Math.max(1, (int) (scale * height));
    int left = (int) (x * (image.width() - w));
    int top = (int) (y * (image.height() - h));
    return ImageWindow.cut(image, left, top, w, h, padMode).resize(width, height);
  }

  @Override
  public int order() {
    return 1;
  }
}
