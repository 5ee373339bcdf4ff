package org.fastai4j.vision;

import java.util.Arrays;
import org.fastai4j.data.DataException;

/**
 * How much ink is where: {@code [height, width]} levels from 0 (paper) to 1 (ink), found in a
 * picture of either polarity and any color.
 *
 * <p>The paper is a smooth surface through the brightness of the picture's border, so uneven light
 * does not count; ink is what stands out from it beyond the noise of that border, in one of the two
 * directions, in pieces large enough not to be specks.
 */
final class Ink {
  /** Less difference than this between paper and ink (of 255) is a blank page. */
  private static final int MIN_CONTRAST = 24;

  /** In units of the noise's standard deviation. */
  private static final double MIN_SIGNAL = 5;

  /** Color planes are looked at where grey shows less contrast than this. */
  private static final int GOOD_CONTRAST = 80;

  /** A piece with less than this share of the largest piece's ink is a speck. */
  private static final double SPECK = 0.05;

  private final int width;
  private final int height;
  private final float[] levels;

  Ink(int width, int height, float[] levels) {
    if (levels.length != width * height) {
      throw new IllegalArgumentException(levels.length + " levels for " + width + "x" + height);
    }
    this.width = width;
    this.height = height;
    this.levels = levels;
  }

  static Ink find(Image image) {
    Plane best = Plane.of(image.convert("L").pixels(), 0, 1, image.width(), image.height());
    if (image.mode().equals("RGB") && best.peak < GOOD_CONTRAST) {
      for (int c = 0; c < 3; c++) {
        Plane plane = Plane.of(image.pixels(), c, 3, image.width(), image.height());
        best = plane.peak > 1.5 * best.peak ? plane : best;
      }
    }
    if (best.peak < MIN_CONTRAST || best.peak < MIN_SIGNAL * best.noise) {
      throw new DataException(
          ("no digit found: the picture looks blank (ink stands out by %.0f of 255, noise is %.0f);"
                  + " take a picture with more contrast")
              .formatted(best.peak, best.noise));
    }
    return best.ink();
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** As a grey image, ink being white. */
  Image toImage() {
    byte[] bytes = new byte[levels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * levels[i]);
    }
    return Image.fromBytes("L", width, height, bytes);
  }

  /** The smallest part that holds all levels of at least {@code level}. */
  Ink cropped(float level) {
    int left = width;
    int right = -1;
    int top = height;
    int bottom = -1;
    for (int i = 0; i < levels.length; i++) {
      if (levels[i] >= level) {
        left = Math.min(left, i % width);
        right = Math.max(right, i % width);
        top = Math.min(top, i / width);
        bottom = i / width;
      }
    }
    return part(left, top, right - left + 1, bottom - top + 1);
  }

  /** With {@code margin} pixels of paper added on every side. */
  Ink padded(int margin) {
    return part(-margin, -margin, width + 2 * margin, height + 2 * margin);
  }

  private Ink part(int left, int top, int w, int h) {
    float[] out = new float[w * h];
    for (int y = Math.max(0, -top); y < Math.min(h, height - top); y++) {
      for (int x = Math.max(0, -left); x < Math.min(w, width - left); x++) {
        out[y * w + x] = levels[(top + y) * width + left + x];
      }
    }
    return new Ink(w, h, out);
  }

  /** The width of the pen, in pixels: twice the area over the length of its outline. */
  double strokeWidth() {
    int area = 0;
    int outline = 0;
    for (int i = 0; i < levels.length; i++) {
      if (isInk(i % width, i / width)) {
        area++;
        int x = i % width;
        int y = i / width;
        boolean inner = isInk(x - 1, y) && isInk(x + 1, y) && isInk(x, y - 1) && isInk(x, y + 1);
        outline += inner ? 0 : 1;
      }
    }
    return 2.0 * area / Math.max(1, outline);
  }

  private boolean isInk(int x, int y) {
    return x >= 0 && x < width && y >= 0 && y < height && levels[y * width + x] >= 0.5f;
  }

  /** As if drawn with a pen whose radius is larger by {@code radius}, with a soft edge. */
  Ink thickened(double radius) {
    Ink wide = padded((int) Math.ceil(radius) + 1);
    float[] distances = wide.distances();
    for (int i = 0; i < distances.length; i++) {
      double soft = Math.max(0, Math.min(1, radius + 0.5 - distances[i]));
      wide.levels[i] = Math.max(wide.levels[i], (float) soft);
    }
    return wide;
  }

  /** How far each pixel is from the nearest ink, by the 3-4 chamfer of two sweeps. */
  private float[] distances() {
    float[] out = new float[levels.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = levels[i] >= 0.5f ? 0 : 1e6f;
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        relax(out, x, y, -1);
      }
    }
    for (int y = height - 1; y >= 0; y--) {
      for (int x = width - 1; x >= 0; x--) {
        relax(out, x, y, 1);
      }
    }
    return out;
  }

  private void relax(float[] out, int x, int y, int side) {
    float straight = Math.min(at(out, x + side, y), at(out, x, y + side)) + 1;
    float diagonal = Math.min(at(out, x - 1, y + side), at(out, x + 1, y + side)) + 4 / 3f;
    int i = y * width + x;
    out[i] = Math.min(out[i], Math.min(straight, diagonal));
  }

  private float at(float[] out, int x, int y) {
    return x < 0 || x >= width || y < 0 || y >= height ? 1e6f : out[y * width + x];
  }

  /** One channel less its paper, turned so that ink is positive. */
  private static final class Plane {
    private final int width;
    private final int height;
    private final float[] rise;
    private final double noise;
    private final double peak;

    private Plane(int width, int height, float[] rise, double noise) {
      this.width = width;
      this.height = height;
      this.rise = rise;
      this.noise = noise;
      turn(rise, Math.max(3 * noise, 10));
      this.peak = largest(rise, 2 + (width + height) / 16);
    }

    static Plane of(byte[] pixels, int channel, int channels, int width, int height) {
      float[] values = new float[width * height];
      for (int i = 0; i < values.length; i++) {
        values[i] = pixels[i * channels + channel] & 0xFF;
      }
      double noise = Paper.subtract(values, width, height);
      return new Plane(width, height, values, noise);
    }

    /** Changes all signs if what lies below the paper outweighs what lies above. */
    private static void turn(float[] rise, double margin) {
      double balance = 0;
      for (float r : rise) {
        double beyond = Math.max(0, Math.abs(r) - margin);
        balance += Math.signum(r) * beyond * beyond;
      }
      if (balance < 0) {
        for (int i = 0; i < rise.length; i++) {
          rise[i] = -rise[i];
        }
      }
    }

    /** The {@code k}-th largest, to the unit: one bright pixel is no ink. */
    private static double largest(float[] rise, int k) {
      int[] counts = new int[512];
      for (float r : rise) {
        counts[Math.max(0, Math.min(511, (int) r))]++;
      }
      int seen = 0;
      int level = 511;
      while (level > 0 && (seen += counts[level]) < k) {
        level--;
      }
      return level;
    }

    Ink ink() {
      boolean[] kept = largePieces((float) Math.max(0.4 * peak, 3.5 * noise));
      float low = (float) Math.max(0.15 * peak, 2.5 * noise);
      float high = (float) (0.8 * peak);
      float[] levels = new float[rise.length];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          if (near(kept, x, y)) {
            float level = (rise[y * width + x] - low) / (high - low);
            levels[y * width + x] = Math.max(0, Math.min(1, level));
          }
        }
      }
      return new Ink(width, height, levels);
    }

    private boolean near(boolean[] kept, int x, int y) {
      for (int v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
        for (int u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++) {
          if (kept[v * width + u]) {
            return true;
          }
        }
      }
      return false;
    }

    /** Marks the pieces (connected over sides and corners) that are no specks. */
    private boolean[] largePieces(float threshold) {
      int[] piece = new int[rise.length];
      int[] stack = new int[rise.length];
      double[] mass = new double[16];
      int pieces = 0;
      for (int start = 0; start < rise.length; start++) {
        if (rise[start] < threshold || piece[start] != 0) {
          continue;
        }
        if (++pieces == mass.length) {
          mass = Arrays.copyOf(mass, 2 * pieces);
        }
        int depth = 0;
        stack[depth++] = start;
        piece[start] = pieces;
        while (depth > 0) {
          int i = stack[--depth];
          mass[pieces] += rise[i];
          int x = i % width;
          int y = i / width;
          for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
            for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
              int j = v * width + u;
              if (rise[j] >= threshold && piece[j] == 0) {
                piece[j] = pieces;
                stack[depth++] = j;
              }
            }
          }
        }
      }
      double least = SPECK * Arrays.stream(mass).max().orElse(0);
      boolean[] kept = new boolean[rise.length];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = piece[i] != 0 && mass[piece[i]] >= least;
      }
      return kept;
    }
  }
}
