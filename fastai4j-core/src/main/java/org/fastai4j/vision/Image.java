package org.fastai4j.vision;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.fastai4j.data.DataException;
import org.fastai4j.io.Png;
import org.fastai4j.tensor.Tensor;

/**
 * An immutable picture of 8 bits a sample, as PIL's: mode {@code "L"} (grey) or {@code "RGB"}.
 *
 * <p>Its bytes are row by row, {@code [height, width]} or {@code [height, width, 3]}.
 *
 * <p>Where PIL keeps an alpha channel, a palette or 16 bits, this does not: on opening, what is
 * transparent is laid on white paper (PIL's {@code convert("L")} forgets the alpha, and a digit
 * drawn on a transparent layer turns all black), palettes become RGB, and of 16 bits the upper 8
 * stay.
 */
public final class Image {
  private final int width;
  private final int height;
  private final String mode;
  private final byte[] pixels;

  private Image(int width, int height, String mode, byte[] pixels) {
    this.width = width;
    this.height = height;
    this.mode = mode;
    this.pixels = pixels;
  }

  /**
   * The picture in a PNG, JPEG, GIF (its first frame), BMP, TIFF (its first page) or WebP file,
   * whatever its name: a grey file opens as {@code "L"}, every other as {@code "RGB"}. It is turned
   * upright as its EXIF orientation says, PIL's {@code exif_transpose}; color profiles are not
   * applied, as in PIL.
   *
   * @throws DataException naming the file and what is wrong with it
   */
  public static Image open(Path file) {
    try (ImageReader reader = new ImageReader()) {
      return reader.read(file);
    }
  }

  /**
   * The picture in the bytes of such a file, which may come from anybody.
   *
   * @param maxPixels a larger picture is refused before any memory is taken for it
   * @throws DataException telling what is wrong
   */
  public static Image open(byte[] file, long maxPixels) {
    try (ImageReader reader = new ImageReader(maxPixels)) {
      return reader.read(file);
    }
  }

  /** The picture with these bytes (copied). */
  public static Image fromBytes(String mode, int width, int height, byte[] pixels) {
    int channels =
        switch (mode) {
          case "L" -> 1;
          case "RGB" -> 3;
          default -> throw unknownMode(mode);
        };
    if (width < 1 || height < 1 || (long) width * height * channels != pixels.length) {
      throw new IllegalArgumentException(
          "%d bytes do not make a picture of mode %s and size %d x %d (width x height)"
              .formatted(pixels.length, mode, width, height));
    }
    return new Image(width, height, mode, pixels.clone());
  }

  /** Takes 1 to 4 channels, the second and fourth being alpha, which goes: white shows through. */
  static Image flattened(int width, int height, int channels, byte[] pixels) {
    if (channels == 1 || channels == 3) {
      return new Image(width, height, channels == 1 ? "L" : "RGB", pixels);
    }
    int kept = channels - 1;
    byte[] out = new byte[width * height * kept];
    for (int i = 0; i < width * height; i++) {
      int alpha = pixels[i * channels + kept] & 0xFF;
      for (int c = 0; c < kept; c++) {
        int over = (pixels[i * channels + c] & 0xFF) * alpha + 255 * (255 - alpha);
        out[i * kept + c] = (byte) ((over + 127) / 255);
      }
    }
    return new Image(width, height, kept == 1 ? "L" : "RGB", out);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** {@code "L"} or {@code "RGB"}. */
  public String mode() {
    return mode;
  }

  /** 1 for {@code "L"}, 3 for {@code "RGB"}. */
  public int channels() {
    return mode.equals("L") ? 1 : 3;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return pixels.clone();
  }

  /** The pixels, uint8: grey as {@code [height, width]}, color as {@code [height, width, 3]}. */
  public Tensor tensor() {
    return channels() == 1
        ? Tensor.of(toBytes(), height(), width())
        : Tensor.of(toBytes(), height(), width(), 3);
  }

  /** The bytes themselves, not to be changed. */
  byte[] pixels() {
    return pixels;
  }

  /** One sample, 0 to 255. */
  public int pixel(int x, int y, int channel) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    Objects.checkIndex(channel, channels());
    return pixels[(y * width + x) * channels() + channel] & 0xFF;
  }

  /**
   * This picture in another mode. Grey is {@code L = (19595 R + 38470 G + 7471 B + 2^15) / 2^16},
   * PIL's fixed-point form of {@code 0.299 R + 0.587 G + 0.114 B}.
   */
  public Image convert(String mode) {
    if (mode.equals(this.mode)) {
      return this;
    }
    return switch (mode) {
      case "L" -> new Image(width, height, mode, grey(pixels));
      case "RGB" -> new Image(width, height, mode, tripled(pixels));
      default -> throw unknownMode(mode);
    };
  }

  private static byte[] grey(byte[] rgb) {
    byte[] out = new byte[rgb.length / 3];
    for (int i = 0; i < out.length; i++) {
      int r = rgb[3 * i] & 0xFF;
      int g = rgb[3 * i + 1] & 0xFF;
      int b = rgb[3 * i + 2] & 0xFF;
      out[i] = (byte) ((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
    }
    return out;
  }

  private static byte[] tripled(byte[] grey) {
    byte[] out = new byte[grey.length * 3];
    for (int i = 0; i < out.length; i++) {
      out[i] = grey[i / 3];
    }
    return out;
  }

  private static IllegalArgumentException unknownMode(String mode) {
    return new IllegalArgumentException("mode \"" + mode + "\" is not known; use \"L\" or \"RGB\"");
  }

  /** The negative: every sample taken from 255. */
  public Image invert() {
    byte[] out = new byte[pixels.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (255 - (pixels[i] & 0xFF));
    }
    return new Image(width, height, mode, out);
  }

  /** This picture at another size, by PIL's bilinear filter, which averages when it shrinks. */
  public Image resize(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "cannot resize to %d x %d: both must be at least 1".formatted(width, height));
    }
    byte[] out = Resample.bilinear(pixels, this.width, this.height, channels(), width, height);
    return new Image(width, height, mode, out);
  }

  /** This picture made upright; {@code orientation} is EXIF's, 1 to 8. */
  Image turned(int orientation) {
    if (orientation == 1) {
      return this;
    }
    boolean swapped = orientation >= 5;
    boolean right = orientation == 2 || orientation == 3 || orientation >= 7;
    boolean bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int w = swapped ? height : width;
    int h = swapped ? width : height;
    int channels = channels();
    byte[] out = new byte[pixels.length];
    int to = 0;
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int fromX = swapped ? y : x;
        int fromY = swapped ? x : y;
        int from = (bottom ? height - 1 - fromY : fromY) * width;
        from = (from + (right ? width - 1 - fromX : fromX)) * channels;
        for (int c = 0; c < channels; c++) {
          out[to++] = pixels[from + c];
        }
      }
    }
    return new Image(w, h, mode, out);
  }

  /** Part of this picture, from {@code (left, top)}, which must lie inside it. */
  Image crop(int left, int top, int width, int height) {
    Objects.checkFromIndexSize(left, width, this.width);
    Objects.checkFromIndexSize(top, height, this.height);
    int row = width * channels();
    byte[] out = new byte[row * height];
    for (int y = 0; y < height; y++) {
      int from = ((top + y) * this.width + left) * channels();
      System.arraycopy(pixels, from, out, y * row, row);
    }
    return new Image(width, height, mode, out);
  }

  /** Writes a PNG file, whole or not at all. */
  public void save(Path file) {
    Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Files.write(beside, Png.encode(width, height, channels(), pixels), CREATE_NEW);
      Files.move(beside, file, REPLACE_EXISTING);
    } catch (IOException e) {
      DataException failure = new DataException(file + " cannot be written: " + e, e);
      try {
        Files.deleteIfExists(beside);
      } catch (IOException again) {
        failure.addSuppressed(again);
      }
      throw failure;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Image image
        && width == image.width
        && height == image.height
        && mode.equals(image.mode)
        && Arrays.equals(pixels, image.pixels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(width, height, mode, Arrays.hashCode(pixels));
  }

  /** For example {@code Image mode=L size=28x28}. */
  @Override
  public String toString() {
    return "Image mode=%s size=%dx%d".formatted(mode, width, height);
  }
}
