package org.fastai4j.plot;

import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * An image's numbers, {@code [height, width, channels]}: one channel is colored by a {@link
 * ColorMap}, three are red, green and blue in 0..1.
 *
 * <pre>{@code
 * Pixels digit = Pixels.of(bytes, 28, 28, 1);   // 0..255, unsigned
 * Pixels mean = Pixels.of(values, 28, 28, 1);   // any floats
 * }</pre>
 */
public final class Pixels {
  private static final int NAN_COLOR = Colors.WHITE;

  private final int height;
  private final int width;
  private final int channels;
  private final float[] values;

  private Pixels(float[] values, int height, int width, int channels) {
    if (height < 1 || width < 1 || (channels != 1 && channels != 3)) {
      throw new PlotException(
          "an image of [%d, %d, %d]; it needs a height and a width of at least 1 and 1 or 3 channels"
              .formatted(height, width, channels));
    }
    if (values.length != (long) height * width * channels) {
      throw new PlotException(
          "%d values for an image of [%d, %d, %d], which needs %d"
              .formatted(values.length, height, width, channels, (long) height * width * channels));
    }
    this.values = values;
    this.height = height;
    this.width = width;
    this.channels = channels;
  }

  /** An image of {@code [height, width, channels]} values, channels last; they are copied. */
  public static Pixels of(float[] values, int height, int width, int channels) {
    return new Pixels(values.clone(), height, width, channels);
  }

  /**
   * An image of unsigned bytes, {@code [height, width, channels]}; three channels are scaled to
   * 0..1.
   */
  public static Pixels of(byte[] bytes, int height, int width, int channels) {
    float[] values = new float[bytes.length];
    float scale = channels == 3 ? 255 : 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = (bytes[i] & 0xff) / scale;
    }
    return new Pixels(values, height, width, channels);
  }

  /** An image of one channel, {@code rows[y][x]}. */
  public static Pixels of(double[][] rows) {
    Matrix.check("an image", rows);
    int width = rows[0].length;
    float[] values = new float[rows.length * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rows[i / width][i % width];
    }
    return new Pixels(values, rows.length, width, 1);
  }

  /**
   * An image held by a tensor: {@code [height, width]}, {@code [channels, height, width]} as models
   * take it, or {@code [height, width, channels]} as files hold it.
   */
  public static Pixels of(Tensor image) {
    long[] sizes = image.shape().toArray();
    boolean planes = sizes.length == 3 && (sizes[0] == 1 || sizes[0] == 3);
    if (sizes.length != 2 && !planes && !(sizes.length == 3 && sizes[2] <= 3)) {
      throw new PlotException(
          "an image is [height, width], [channels, height, width] or [height, width, channels] with"
              + " 1 or 3 channels, not "
              + image.shape());
    }
    float[] values =
        Scope.compute(() -> (planes ? image.detach().permute(1, 2, 0) : image).toFloatArray());
    if (sizes.length == 2) {
      return new Pixels(values, (int) sizes[0], (int) sizes[1], 1);
    }
    if (image.dtype() == DType.UINT8) {
      for (int i = 0; i < values.length; i++) {
        values[i] /= 255;
      }
    }
    return planes
        ? new Pixels(values, (int) sizes[1], (int) sizes[2], (int) sizes[0])
        : new Pixels(values, (int) sizes[0], (int) sizes[1], (int) sizes[2]);
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  public int channels() {
    return channels;
  }

  /** Colored with the smallest value at the map's 0 and the largest at its 1. */
  Bitmap toBitmap(ColorMap map) {
    double lo = Double.POSITIVE_INFINITY;
    double hi = Double.NEGATIVE_INFINITY;
    for (float v : values) {
      if (Float.isFinite(v)) {
        lo = Math.min(lo, v);
        hi = Math.max(hi, v);
      }
    }
    return toBitmap(map, lo, hi);
  }

  Bitmap toBitmap(ColorMap map, double lo, double hi) {
    int[] rgb = new int[height * width];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] =
          channels == 3
              ? byteOf(values[3 * i]) << 16
                  | byteOf(values[3 * i + 1]) << 8
                  | byteOf(values[3 * i + 2])
              : Float.isNaN(values[i]) ? NAN_COLOR : map.rgb(values[i], lo, hi);
    }
    return new Bitmap(width, height, rgb);
  }

  private static int byteOf(float v) {
    return Math.round(255 * Math.max(0, Math.min(1, v)));
  }
}
