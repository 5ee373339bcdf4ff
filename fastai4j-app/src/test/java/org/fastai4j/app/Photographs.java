package org.fastai4j.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.fastai4j.vision.Image;

/** Folders of color pictures of varied sizes: skies over fields, sunsets over seas, woods. */
final class Photographs {
  private static final List<String> CLASSES = List.of("field", "sea", "wood");

  /** The colors of the upper and of the lower part, for each class. */
  private static final int[][] COLORS = {
    {90, 150, 230, 90, 160, 60}, {240, 140, 70, 40, 60, 120}, {30, 80, 40, 60, 45, 30}
  };

  private Photographs() {}

  /** {@code n} of each class, in one folder for each. */
  static Path write(Path folder, int n) {
    Random random = new Random(7);
    for (int c = 0; c < CLASSES.size(); c++) {
      Path files = folder.resolve(CLASSES.get(c));
      try {
        Files.createDirectories(files);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      for (int i = 0; i < n; i++) {
        picture(COLORS[c], random).save(files.resolve("photo" + i + ".png"));
      }
    }
    return folder;
  }

  private static Image picture(int[] colors, Random random) {
    int width = 40 + random.nextInt(60);
    int height = 40 + random.nextInt(60);
    int horizon = height / 3 + random.nextInt(height / 3);
    int light = random.nextInt(60) - 30;
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      int y = i / 3 / width;
      int color =
          colors[i % 3 + (y < horizon ? 0 : 3)] + light + (int) (12 * random.nextGaussian());
      rgb[i] = (byte) Math.max(0, Math.min(255, color));
    }
    return Image.fromBytes("RGB", width, height, rgb);
  }
}
