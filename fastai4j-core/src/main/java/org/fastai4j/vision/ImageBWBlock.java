package org.fastai4j.vision;

import java.nio.file.Path;
import java.util.List;
import org.fastai4j.data.Datasets;
import org.fastai4j.data.InputBlock;

/**
 * Image files as inputs of a {@link org.fastai4j.data.DataBlock}, in grey: float32 {@code [n, 1,
 * height, width]} in 0..1; fastai's {@code ImageBlock(PILImageBW)}.
 */
public final class ImageBWBlock implements InputBlock<Path, ImageOptions, ImageDataLoaders> {
  private final ImageBlock block = new ImageBlock();

  @Override
  public ImageOptions options() {
    return block.options().grey();
  }

  @Override
  public ImageDataLoaders dataloaders(Datasets<?, Path, ?> data, ImageOptions options) {
    return block.dataloaders(data, options);
  }

  @Override
  public List<String> steps(Path file, ImageOptions options) {
    return block.steps(file, options);
  }
}
