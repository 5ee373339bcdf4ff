package org.fastai4j.vision;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fastai4j.io.FormatException;

/**
 * The pixels of a JPEG as PIL has them: ImageIO decodes the samples, and libjpeg's rules and
 * formulas say what color they are. Color profiles are passed over; EXIF orientation is applied.
 *
 * <p>Reference: ITU-T T.81, T.872; libjpeg's {@code jdapimin.c} and {@code jdcolor.c}.
 */
final class Jpeg {
  private static final int APP1 = 0xE1;

  private int orientation = 1;
  private boolean jfif;

  /** The color transform that Adobe's marker tells; -1: there is none. */
  private int adobe = -1;

  /** The names of the components. */
  private byte[] ids = {};

  private Jpeg(byte[] file, int length) {
    int at = 2;
    while (at + 4 <= length && (file[at] & 0xFF) == 0xFF) {
      int marker = file[at + 1] & 0xFF;
      if (marker == 0xFF) { // padding
        at++;
        continue;
      }
      int end = at + 2 + int16(file, at + 2);
      if (marker == 0xDA || end > length) {
        return;
      }
      segment(marker, file, at + 4, end);
      at = end;
    }
  }

  private void segment(int marker, byte[] file, int at, int end) {
    if (marker == 0xE0) {
      jfif |= startsWith(file, at, end, "JFIF");
    } else if (marker == APP1 && startsWith(file, at, end, "Exif")) {
      orientation = Exif.orientation(file, at, end);
    } else if (marker == 0xEE && end - at >= 12 && startsWith(file, at, end, "Adobe")) {
      adobe = file[at + 11] & 0xFF;
    } else if (marker >= 0xC0 && marker <= 0xC2 && end - at >= 6) {
      ids = new byte[Math.min(file[at + 5], (end - at - 6) / 3)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = file[at + 6 + 3 * i];
      }
    }
  }

  private static boolean startsWith(byte[] file, int at, int end, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= end || file[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int int16(byte[] file, int at) {
    return (file[at] & 0xFF) << 8 | (file[at + 1] & 0xFF);
  }

  /** The image that {@code reader} is open on, which is {@code file}. */
  static Image read(javax.imageio.ImageReader reader, byte[] file, int length) throws IOException {
    Jpeg jpeg = new Jpeg(file, length);
    AtomicBoolean endsEarly = new AtomicBoolean();
    reader.addIIOReadWarningListener(
        (from, warning) -> endsEarly.compareAndSet(false, warning.contains("Missing EOI")));
    Raster raster = reader.readRaster(0, null);
    if (endsEarly.get()) { // ImageIO fills what is missing with grey; PIL fails
      throw new FormatException("JPEG data ends early (truncated file?)");
    }
    byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    byte[] pixels =
        switch (bands) {
          case 1 -> samples;
          case 3 -> jpeg.isYcc() ? yccToRgb(samples, 3) : samples;
          case 4 -> jpeg.inkToRgb(samples);
          default -> throw new FormatException("JPEG of %d channels".formatted(bands));
        };
    return Image.flattened(width, height, bands == 1 ? 1 : 3, pixels).turned(jpeg.orientation);
  }

  private boolean isYcc() {
    return jfif || (adobe >= 0 ? adobe != 0 : !(ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B'));
  }

  /** Changes samples of {@code step} a pixel in place. */
  private static byte[] yccToRgb(byte[] s, int step) {
    for (int i = 0; i < s.length; i += step) {
      int y = s[i] & 0xFF;
      int cb = (s[i + 1] & 0xFF) - 128;
      int cr = (s[i + 2] & 0xFF) - 128;
      s[i] = clip(y + ((91881 * cr + 0x8000) >> 16));
      s[i + 1] = clip(y + ((-22554 * cb - 46802 * cr + 0x8000) >> 16));
      s[i + 2] = clip(y + ((116130 * cb + 0x8000) >> 16));
    }
    return s;
  }

  /**
   * RGB of CMYK or YCCK by PIL's rules: CMYK is stored as what the inks leave of the light, YCCK
   * (but for its black) as the inks.
   */
  private byte[] inkToRgb(byte[] samples) {
    int stored = adobe > 0 ? 0 : 255;
    byte[] inks = adobe > 0 ? yccToRgb(samples, 4) : samples;
    byte[] out = new byte[inks.length / 4 * 3];
    for (int i = 0, to = 0; i < inks.length; i += 4) {
      int light = inks[i + 3] & 0xFF;
      for (int c = 0; c < 3; c++) {
        int ink = stored ^ (inks[i + c] & 0xFF);
        out[to++] = (byte) (light - (ink * light + 127) / 255);
      }
    }
    return out;
  }

  private static byte clip(int v) {
    return (byte) Math.max(0, Math.min(255, v));
  }
}
