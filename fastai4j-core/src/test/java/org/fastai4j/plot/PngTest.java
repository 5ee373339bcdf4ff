package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PngTest {
  private static void comesBackWhole(Bitmap bitmap, boolean palette) {
    BufferedImage image = Pictures.decode(Png.encode(bitmap, 200));
    int[] rgb = image.getRGB(0, 0, bitmap.width, bitmap.height, null, 0, bitmap.width);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] &= 0xffffff;
    }
    assertThat(rgb).isEqualTo(bitmap.rgb);
    assertThat(image.getColorModel() instanceof IndexColorModel).isEqualTo(palette);
  }

  @Test
  void keepsEveryPixelOfAFewColors() {
    int[] colors = new Random(7).ints(256, 0, 1 << 24).toArray();
    comesBackWhole(new Bitmap(61, 43, noise(61 * 43, colors)), true);
    comesBackWhole(new Bitmap(1, 1, new int[] {0xff0000}), true);
  }

  @Test
  void keepsEveryPixelOfManyColors() {
    comesBackWhole(new Bitmap(61, 43, new Random(8).ints(61 * 43, 0, 1 << 24).toArray()), false);
    int[] colors = new Random(9).ints(257, 0, 1 << 24).toArray();
    comesBackWhole(new Bitmap(257, 2, noise(514, colors)), false);
  }

  private static int[] noise(int n, int[] colors) {
    int[] rgb = new int[n];
    Random random = new Random(10);
    for (int i = 0; i < n; i++) {
      rgb[i] = i < colors.length ? colors[i] : colors[random.nextInt(colors.length)];
    }
    return rgb;
  }
}
