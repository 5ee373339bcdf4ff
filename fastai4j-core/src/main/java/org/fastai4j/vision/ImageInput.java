package org.fastai4j.vision;

import java.util.List;
import org.fastai4j.tensor.Tensor;

/**
 * What a net sees of an image: how it is cut, scaled and normalized, the same when it is used as
 * when it was validated.
 *
 * <pre>{@code
 * Tensor x = ImageInput.photographs(224).batch(List.of(Image.open(file))); // [1, 3, 224, 224]
 * }</pre>
 *
 * @param channels 1 for grey, 3 for red, green and blue
 * @param digit whether the digit on the image, dark on light or light on dark, is cut out and
 *     centered as in MNIST; otherwise the largest part of the size's proportions is cut out of the
 *     middle and scaled
 * @param mean what is subtracted from each channel, of values in 0..1; empty for no normalization
 * @param std what each channel is divided by then
 */
public record ImageInput(
    int channels, int height, int width, boolean digit, List<Double> mean, List<Double> std) {
  /** Digits as in MNIST: grey, 28 by 28, values in 0..1. */
  public static final ImageInput DIGITS = new ImageInput(1, 28, 28, true, List.of(), List.of());

  public ImageInput {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("an image has 1 or 3 channels, not " + channels);
    }
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an image of %d x %d has no pixels".formatted(width, height));
    }
    if (digit && (channels != 1 || height != 28 || width != 28)) {
      throw new IllegalArgumentException("digits are grey and 28 x 28");
    }
    if (mean.size() != std.size() || (!mean.isEmpty() && mean.size() != channels)) {
      throw new IllegalArgumentException(
          "%d means and %d deviations do not normalize %d channels"
              .formatted(mean.size(), std.size(), channels));
    }
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** Color images of {@code size} by {@code size}, normalized by the statistics of ImageNet. */
  public static ImageInput photographs(int size) {
    return color(size, size)
        .withNormalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  }

  /** Grey images of this size, values in 0..1. */
  public static ImageInput grey(int height, int width) {
    return new ImageInput(1, height, width, false, List.of(), List.of());
  }

  /** Color images of this size, values in 0..1. */
  public static ImageInput color(int height, int width) {
    return new ImageInput(3, height, width, false, List.of(), List.of());
  }

  /** The same with {@code (x - mean) / std} for each channel; empty lists for none. */
  public ImageInput withNormalization(List<Double> mean, List<Double> std) {
    return new ImageInput(channels, height, width, digit, mean, std);
  }

  /** The image as the net sees it, before it is normalized. */
  public Image prepare(Image image) {
    if (digit) {
      return DigitImage.prepare(image);
    }
    Image converted = image.convert(channels == 1 ? "L" : "RGB");
    if (converted.width() == width && converted.height() == height) {
      return converted;
    }
    double scale =
        Math.min((double) converted.width() / width, (double) converted.height() / height);
    int w = (int) Math.max(1, scale * width);
    int h = (int) Math.max(1, scale * height);
    return converted
        .crop((converted.width() - w) / 2, (converted.height() - h) / 2, w, h)
        .resize(width, height);
  }

  /** Prepared and normalized images, float32 {@code [n, channels, height, width]}. */
  public Tensor batch(List<Image> images) {
    return preparedBatch(images.stream().map(this::prepare).toList());
  }

  /** As {@link #batch}, of what {@link #prepare} returned. */
  Tensor preparedBatch(List<Image> images) {
    int item = height * width * channels;
    byte[] pixels = new byte[Math.multiplyExact(images.size(), item)];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.get(i).pixels(), 0, pixels, i * item, item);
    }
    Tensor x =
        Tensor.of(pixels, images.size(), height, width, channels)
            .permute(0, 3, 1, 2)
            .toFloat()
            .div(255);
    return mean.isEmpty() ? x : x.sub(perChannel(mean)).div(perChannel(std));
  }

  private Tensor perChannel(List<Double> values) {
    return Tensor.of(values).toFloat().view(channels, 1, 1);
  }
}
