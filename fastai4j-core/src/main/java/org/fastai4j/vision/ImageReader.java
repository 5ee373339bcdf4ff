package org.fastai4j.vision;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.fastai4j.data.DataException;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Png;
import org.fastai4j.io.PngDecoder;

/**
 * A reader of image files that is made once and used for many, by one thread: plain PNG by {@link
 * PngDecoder}, everything else by ImageIO.
 */
final class ImageReader implements AutoCloseable {
  private final FileBytes bytes = new FileBytes();
  private final PngDecoder png = new PngDecoder();
  private final long maxPixels;

  ImageReader() {
    this(PngDecoder.MAX_PIXELS);
  }

  /** A reader that refuses larger images before it makes room for them. */
  ImageReader(long maxPixels) {
    this.maxPixels = Math.min(maxPixels, PngDecoder.MAX_PIXELS);
  }

  /** The image in the bytes of a file. */
  Image read(byte[] file) {
    bytes.wrap(file);
    try {
      return openPng() ? pngImage() : otherImage();
    } catch (FormatException e) {
      throw new DataException("not an image this can read: " + e.getMessage(), e);
    }
  }

  Image read(Path file) {
    bytes.read(file);
    try {
      return openPng() ? pngImage() : otherImage();
    } catch (FormatException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Writes the pixels of a grey image of the given size to {@code target}.
   *
   * @throws DataException if it cannot be read, is of another size, or is in color
   */
  void readGrey(Path file, int height, int width, byte[] target, int offset) {
    bytes.read(file);
    try {
      if (openPng() && png.channels() == 1) {
        checkSize(file, png.height(), png.width(), height, width);
        png.decode(target, offset);
        return;
      }
      Image image = openPng() ? pngImage() : otherImage();
      checkSize(file, image.height(), image.width(), height, width);
      if (!image.mode().equals("L")) {
        throw new DataException(
            file
                + " is in color where a grey image is wanted; convert it first:"
                + " Image.open(file).convert(\"L\").save(file)");
      }
      System.arraycopy(image.pixels(), 0, target, offset, height * width);
    } catch (FormatException e) {
      throw unreadable(file, e);
    }
  }

  @Override
  public void close() {
    png.close();
  }

  private void checkPixels(long pixels) {
    if (pixels > maxPixels) {
      throw new FormatException(
          "it has %d pixels, more than the %d this reads".formatted(pixels, maxPixels));
    }
  }

  private static DataException unreadable(Path file, FormatException e) {
    return new DataException(file + " is not an image this can read: " + e.getMessage(), e);
  }

  private static void checkSize(Path file, int h, int w, int height, int width) {
    if (h != height || w != width) {
      throw new DataException(
          ("%s is %d x %d pixels (width x height) where %d x %d are wanted, as in the first image;"
                  + " resize it first: Image.open(file).resize(%d, %d)")
              .formatted(file, w, h, width, height, width, height));
    }
  }

  /** True if the bytes are a PNG that {@link #png} reads; a damaged one throws. */
  private boolean openPng() {
    return Png.isPng(bytes.buffer(), bytes.length())
        && png.open(bytes.buffer(), bytes.length()).plain();
  }

  private Image pngImage() {
    checkPixels((long) png.height() * png.width());
    byte[] pixels = new byte[png.height() * png.width() * png.channels()];
    png.decode(pixels, 0);
    return Image.flattened(png.width(), png.height(), png.channels(), pixels);
  }

  private Image otherImage() {
    if (bytes.length() == 0) {
      throw new FormatException("the file is empty");
    }
    try (var in =
        new MemoryCacheImageInputStream(
            new ByteArrayInputStream(bytes.buffer(), 0, bytes.length()))) {
      Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new FormatException("neither PNG, JPEG, GIF nor BMP");
      }
      javax.imageio.ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        checkPixels((long) reader.getWidth(0) * reader.getHeight(0));
        return image(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // ImageIO's readers throw both on damaged files
      throw new FormatException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Image image(BufferedImage from) {
    int w = from.getWidth();
    int h = from.getHeight();
    ColorModel model = from.getColorModel();
    int bands = model.getNumComponents();
    if (bands <= 2 && !(model instanceof java.awt.image.IndexColorModel)) {
      return Image.flattened(w, h, bands, samples(from.getRaster(), model, bands));
    }
    boolean alpha = model.hasAlpha();
    int channels = alpha ? 4 : 3;
    byte[] out = new byte[w * h * channels];
    int[] row = new int[w];
    int at = 0;
    for (int y = 0; y < h; y++) {
      from.getRGB(0, y, w, 1, row, 0, w);
      for (int argb : row) {
        out[at++] = (byte) (argb >> 16);
        out[at++] = (byte) (argb >> 8);
        out[at++] = (byte) argb;
        if (alpha) {
          out[at++] = (byte) (argb >> 24);
        }
      }
    }
    return Image.flattened(w, h, channels, out);
  }

  /** The samples as they stand: {@code getRGB} would put grey ones through a gamma curve. */
  private static byte[] samples(Raster raster, ColorModel model, int bands) {
    byte[] out = new byte[raster.getWidth() * raster.getHeight() * bands];
    int[] row = new int[raster.getWidth() * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int i = 0; i < row.length; i++) {
        int bits = model.getComponentSize(i % bands);
        out[at++] = (byte) (bits > 8 ? row[i] >> (bits - 8) : row[i] * 255 / ((1 << bits) - 1));
      }
    }
    return out;
  }
}
