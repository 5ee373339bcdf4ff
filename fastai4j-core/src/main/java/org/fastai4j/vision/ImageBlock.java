package org.fastai4j.vision;

import java.nio.file.Path;
import java.util.List;
import org.fastai4j.data.Datasets;
import org.fastai4j.data.InputBlock;
import org.fastai4j.tensor.Shape;

/**
 * Image files as inputs of a {@link org.fastai4j.data.DataBlock}, in color: float32 {@code [n, 3,
 * height, width]} in 0..1; fastai's {@code ImageBlock}.
 */
public final class ImageBlock implements InputBlock<Path, ImageOptions, ImageDataLoaders> {
  @Override
  public ImageOptions options() {
    return new ImageOptions();
  }

  @Override
  public ImageDataLoaders dataloaders(Datasets<?, Path, ?> data, ImageOptions options) {
    return ImageDataLoaders.of(data, options);
  }

  @Override
  public List<String> steps(Path file, ImageOptions options) {
    return List.of(
        Image.open(file).toString(), Shape.of(ImageSource.shapeOf(file, options)).toString());
  }
}
