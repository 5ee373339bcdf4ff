package org.fastai4j.vision;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.fastai4j.data.DataException;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Png;
import org.fastai4j.io.PngDecoder;

/**
 * A reader of image files that is made once and used for many, by one thread: PNG by {@link
 * PngDecoder}, everything else by ImageIO, which is not even loaded for PNG.
 *
 * <p>The first bytes tell the format, whatever the file's name and whichever plug-ins ImageIO has.
 */
final class ImageReader implements AutoCloseable {
  private static final ThreadLocal<ImageReader> OF_THREAD =
      ThreadLocal.withInitial(ImageReader::new);

  private final FileBytes bytes = new FileBytes();
  private final PngDecoder png = new PngDecoder();
  private final long maxPixels;

  ImageReader() {
    this(PngDecoder.MAX_PIXELS);
  }

  /** A reader that refuses larger images before it makes room for them. */
  ImageReader(long maxPixels) {
    this.maxPixels = maxPixels;
  }

  /** The image in the bytes of a file. */
  Image read(byte[] file) {
    bytes.wrap(file);
    try {
      return decode();
    } catch (FormatException e) {
      throw new DataException("not an image this can read: " + e.getMessage(), e);
    }
  }

  /** The present thread's own, not to be closed. */
  static ImageReader ofThread() {
    return OF_THREAD.get();
  }

  Image read(Path file) {
    bytes.read(file);
    try {
      return decode();
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
      if (openPng() && png.channels() == 1 && png.exif() == 0) {
        checkSize(file, png.height(), png.width(), height, width);
        png.decode(target, offset);
        return;
      }
      Image image = decode();
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

  private void checkPixels(int width, int height) {
    PngDecoder.checkPixels(width, height);
    if ((long) width * height > maxPixels) {
      throw new FormatException(
          "it has %d x %d pixels, more than the %d allowed here"
              .formatted(width, height, maxPixels));
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

  private boolean openPng() {
    if (!Png.isPng(bytes.buffer(), bytes.length())) {
      return false;
    }
    png.open(bytes.buffer(), bytes.length());
    return true;
  }

  private Image decode() {
    if (!openPng()) {
      return otherImage();
    }
    checkPixels(png.width(), png.height());
    byte[] pixels = new byte[png.height() * png.width() * png.channels()];
    png.decode(pixels, 0);
    Image image = Image.flattened(png.width(), png.height(), png.channels(), pixels);
    return png.exif() == 0
        ? image
        : image.turned(Exif.orientation(bytes.buffer(), png.exif(), bytes.length()));
  }

  private Image otherImage() {
    if (bytes.length() == 0) {
      throw new FormatException("the file is empty");
    }
    String format = format();
    javax.imageio.ImageReader reader = reader(format);
    byte[] file = bytes.buffer();
    int length = bytes.length();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file, 0, length))) {
      reader.setInput(in, true, true);
      checkPixels(reader.getWidth(0), reader.getHeight(0));
      return switch (format) {
        case "jpeg" -> Jpeg.read(reader, file, length);
        case "tiff" -> image(reader.read(0)).turned(Exif.orientation(file, 0, length));
        case "webp" -> image(reader.read(0)).turned(Exif.orientationOfWebP(file, length));
        default -> image(reader.read(0));
      };
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // ImageIO's readers throw both on damaged files
      throw new FormatException(
          "its %s data are damaged or end early: %s".formatted(format, e.getMessage()), e);
    } finally {
      reader.dispose();
    }
  }

  /** WebP's does not depend on ImageIO finding its plug-ins. */
  private static javax.imageio.ImageReader reader(String format) {
    return format.equals("webp")
        ? new WebPImageReaderSpi().createReaderInstance(null)
        : ImageIO.getImageReadersByFormatName(format).next();
  }

  /** ImageIO's name of the format that the first bytes tell. */
  private String format() {
    int n = Math.min(12, bytes.length());
    String start = new String(bytes.buffer(), 0, n, StandardCharsets.ISO_8859_1);
    if (start.startsWith("\u00FF\u00D8")) {
      return "jpeg";
    } else if (start.startsWith("GIF8")) {
      return "gif";
    } else if (start.startsWith("BM")) {
      return "bmp";
    } else if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
      return "tiff";
    } else if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
      checkWebP();
      return "webp";
    }
    throw new FormatException("neither PNG, JPEG, GIF, BMP, TIFF nor WebP");
  }

  /** Its reader takes what is missing for zeros. */
  private void checkWebP() {
    int size = ByteBuffer.wrap(bytes.buffer()).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    if (size < 0 || size > bytes.length() - 8) {
      throw new FormatException(
          "WebP data ends early at byte %d of %d (truncated file?)"
              .formatted(bytes.length(), (size & 0xFFFFFFFFL) + 8));
    }
  }

  private static Image image(BufferedImage from) {
    ColorModel model = from.getColorModel();
    if (model instanceof IndexColorModel || model.isAlphaPremultiplied()) {
      return converted(from);
    }
    int w = from.getWidth();
    int h = from.getHeight();
    int bands = model.getNumComponents();
    byte[] samples = samples(from.getRaster(), model, bands);
    if (model.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      if (bands != 4) {
        throw new FormatException("CMYK with alpha is not read here; save it as RGB");
      }
      samples = cmykToRgb(samples);
      bands = 3;
    }
    return Image.flattened(w, h, bands, samples);
  }

  /** PIL's formula: {@code R = 255 - K - C (255 - K) / 255}, and so on. */
  private static byte[] cmykToRgb(byte[] cmyk) {
    byte[] out = new byte[cmyk.length / 4 * 3];
    for (int i = 0, to = 0; i < cmyk.length; i += 4) {
      int light = 255 - (cmyk[i + 3] & 0xFF);
      for (int c = 0; c < 3; c++) {
        out[to++] = (byte) (light - ((cmyk[i + c] & 0xFF) * light + 127) / 255);
      }
    }
    return out;
  }

  /** Palettes; one of greys alone makes a grey image. */
  private static Image converted(BufferedImage from) {
    int w = from.getWidth();
    int h = from.getHeight();
    boolean alpha = from.getColorModel().hasAlpha();
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
    Image image = Image.flattened(w, h, channels, out);
    return isGrey(from.getColorModel()) ? image.convert("L") : image;
  }

  private static boolean isGrey(ColorModel model) {
    if (!(model instanceof IndexColorModel palette)) {
      return false;
    }
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  /** The samples as they stand: {@code getRGB} would put them through the file's color profile. */
  private static byte[] samples(Raster raster, ColorModel model, int bands) {
    byte[] out = new byte[raster.getWidth() * raster.getHeight() * bands];
    int[] row = new int[raster.getWidth() * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int i = 0; i < row.length; i++) {
        int bits = model.getComponentSize(i % bands);
        if (bits > 16) {
          throw new FormatException("samples of %d bits are not read here".formatted(bits));
        }
        out[at++] = (byte) (bits > 8 ? row[i] >> (bits - 8) : row[i] * 255 / ((1 << bits) - 1));
      }
    }
    return out;
  }
}
