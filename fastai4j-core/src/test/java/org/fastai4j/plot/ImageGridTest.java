package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.plot.Pictures.around;
import static org.fastai4j.plot.Pictures.decode;
import static org.fastai4j.plot.Pictures.rgb;

import java.awt.image.BufferedImage;
import java.util.List;
import org.fastai4j.plot.Pictures.Box;
import org.junit.jupiter.api.Test;

class ImageGridTest {
  private static Pixels checkerboard(int height, int width) {
    double[][] rows = new double[height][width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        rows[y][x] = (x + y) % 2 == 0 ? 255 : 0;
      }
    }
    return Pixels.of(rows);
  }

  @Test
  void enlargesEachPixelToASquareOfOneColor() {
    BufferedImage image = decode(ImageGrid.showImage(checkerboard(28, 28)).png());
    Box black = around(image, Colors.BLACK);
    assertThat(black.width()).isEqualTo(28 * 8 * 2);
    assertThat(black.height()).isEqualTo(28 * 8 * 2);
    for (int y = 0; y < black.height(); y++) {
      for (int x = 0; x < black.width(); x++) {
        int expected = (x / 16 + y / 16) % 2 == 0 ? Colors.BLACK : Colors.WHITE;
        assertThat(rgb(image, black.left() + x, black.top() + y)).isEqualTo(expected);
      }
    }
  }

  @Test
  void showsTheSmallestValueWhiteAndTheLargestBlack() {
    BufferedImage image = ImageGrid.showImage(Pixels.of(new double[][] {{-1, 0, 1}})).image();
    int y = image.getHeight() / 2;
    assertThat(rgb(image, image.getWidth() / 2 - 16, y)).isEqualTo(0xffffff);
    assertThat(rgb(image, image.getWidth() / 2, y)).isEqualTo(0x959595);
    assertThat(rgb(image, image.getWidth() / 2 + 16, y)).isEqualTo(0x000000);
  }

  @Test
  void showsRedGreenAndBlueAsTheyAre() {
    byte[] bytes = {(byte) 200, 10, 20, 0, (byte) 255, 0};
    BufferedImage image = ImageGrid.showImage(Pixels.of(bytes, 1, 2, 3)).image();
    int y = image.getHeight() / 2;
    assertThat(rgb(image, image.getWidth() / 4, y)).isEqualTo(0xc80a14);
    assertThat(rgb(image, image.getWidth() * 3 / 4, y)).isEqualTo(0x00ff00);
  }

  @Test
  void writesEachTitleAboveItsImageInItsColor() {
    Pixels gray = Pixels.of(new double[][] {{0, 1}, {1, 0}});
    Figure figure = ImageGrid.showImages(List.of(gray, gray, gray), 1, 4, List.of("7", "3", "8"));
    figure.axes(0).title("7", "green");
    figure.axes(1).title("3", "red");
    BufferedImage image = figure.image();
    Box right = around(image, 0x008000);
    Box wrong = around(image, 0xff0000);
    assertThat(right.middleX()).isBetween(0.0, image.getWidth() / 4.0);
    assertThat(wrong.middleX()).isBetween(image.getWidth() / 4.0, image.getWidth() / 2.0);
    Box images = around(image, Colors.BLACK);
    assertThat(right.bottom()).isLessThan(images.top());
    assertThat(images.right()).as("the fourth place is empty").isLessThan(image.getWidth() * 3 / 4);
  }

  @Test
  void shrinksALargeImageByItsMeans() {
    BufferedImage image = ImageGrid.showImage(checkerboard(900, 900), ColorMap.GRAY).image();
    assertThat(image.getWidth()).isLessThan(500);
    int middle = rgb(image, image.getWidth() / 2, image.getHeight() / 2) & 0xff;
    assertThat(middle).isBetween(100, 155);
  }

  @Test
  void saysHowToMendWhatItCannotShow() {
    Pixels one = checkerboard(2, 2);
    assertThatThrownBy(() -> ImageGrid.showImages(List.of(), 1, 1))
        .isInstanceOf(PlotException.class)
        .hasMessageContaining("0 images for 1 rows and 1 columns");
    assertThatThrownBy(() -> ImageGrid.showImages(List.of(one, one), 1, 1))
        .hasMessageContaining("give from 1 to 1 images");
    assertThatThrownBy(() -> ImageGrid.showImages(List.of(one), 1, 1, List.of("a", "b")))
        .hasMessageContaining("2 titles for 1 images");
    assertThatThrownBy(() -> Pixels.of(new float[5], 2, 2, 1))
        .hasMessage("5 values for an image of [2, 2, 1], which needs 4");
    assertThatThrownBy(() -> Pixels.of(new float[8], 2, 2, 2))
        .hasMessageContaining("1 or 3 channels");
    assertThatThrownBy(() -> Pixels.of(new double[][] {{1}, {}}))
        .hasMessageContaining("1 values in row 0 and 0 in row 1");
  }

  @Test
  void showsAnImageWithNoNumberAtAll() {
    float nan = Float.NaN;
    Pixels missing = Pixels.of(new float[] {nan, nan}, 1, 2, 1);
    assertThat(ImageGrid.showImage(missing).png()).isNotEmpty();
  }
}
