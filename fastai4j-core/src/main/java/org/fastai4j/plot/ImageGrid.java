package org.fastai4j.plot;

import java.util.List;
import org.fastai4j.tensor.Tensor;

/**
 * Figures of images, each enlarged by whole numbers so that its pixels can be seen.
 *
 * <pre>{@code
 * showImages(digits, 2, 5, List.of("3", "7", …)).save(Path.of("digits.png"));
 * }</pre>
 */
public final class ImageGrid {
  private static final double WIDEST = 960;
  private static final double LARGEST_IMAGE = 224;
  private static final double LARGEST_SCALE = 8;

  private ImageGrid() {}

  /** One image; a single channel is shown as ink on paper. */
  public static Figure showImage(Pixels image) {
    return showImage(image, ColorMap.GREYS);
  }

  /** One image held by a tensor; see {@link Pixels#of(Tensor)}. */
  public static Figure showImage(Tensor image) {
    return showImage(Pixels.of(image));
  }

  public static Figure showImage(Pixels image, ColorMap map) {
    return showImages(List.of(image), 1, 1, List.of(), map);
  }

  public static Figure showImages(List<Pixels> images, int rows, int cols) {
    return showImages(images, rows, cols, List.of());
  }

  /**
   * Images row by row, each under its title, or none under any if {@code titles} is empty. A title
   * is colored afterwards: {@code figure.axes(i).title("7", "green")}.
   */
  public static Figure showImages(List<Pixels> images, int rows, int cols, List<String> titles) {
    return showImages(images, rows, cols, titles, ColorMap.GREYS);
  }

  public static Figure showImages(
      List<Pixels> images, int rows, int cols, List<String> titles, ColorMap map) {
    if (images.isEmpty() || images.size() > (long) rows * cols) {
      throw new PlotException(
          "showImages: %d images for %d rows and %d columns; give from 1 to %d images"
              .formatted(images.size(), rows, cols, (long) rows * cols));
    }
    if (!titles.isEmpty() && titles.size() != images.size()) {
      throw new PlotException(
          "showImages: %d titles for %d images; give one for each, or none"
              .formatted(titles.size(), images.size()));
    }
    int side = 1;
    for (Pixels image : images) {
      side = Math.max(side, Math.max(image.height(), image.width()));
    }
    double scale = Math.min(LARGEST_SCALE, Math.min(LARGEST_IMAGE, WIDEST / cols) / side);
    Figure figure = Figure.ofImages(rows, cols, scale >= 1 ? Math.floor(scale) : scale);
    for (int i = 0; i < rows * cols; i++) {
      if (i >= images.size()) {
        figure.axes(i).axisOff();
      } else {
        figure.axes(i).imshow(images.get(i), map);
        if (!titles.isEmpty()) {
          figure.axes(i).title(titles.get(i));
        }
      }
    }
    return figure;
  }
}
