package org.fastai4j.app;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.fastai4j.data.Batch;
import org.fastai4j.data.BatchSource;
import org.fastai4j.plot.Pixels;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageInput;

/**
 * Batches of files as a classifier sees them when it predicts, with their classes. One difference:
 * what is grey and 28 x 28 for a net of digits is taken as it is, as in training.
 *
 * @param files the images
 * @param targets the numbers of their classes
 * @param input what the classifier sees
 */
record SeenImages(List<Path> files, List<Integer> targets, ImageInput input)
    implements BatchSource<Batch> {
  private static final int AHEAD = 4;

  @Override
  public long size() {
    return files.size();
  }

  @Override
  public int ahead(int batchSize) {
    return AHEAD;
  }

  @Override
  public Supplier<Batch> begin(long[] items) {
    CompletableFuture<List<Image>> images =
        CompletableFuture.supplyAsync(
            () -> LongStream.of(items).parallel().mapToObj(i -> image((int) i)).toList());
    return () ->
        new Batch(
            prepared().batch(join(images)),
            Tensor.of(LongStream.of(items).map(i -> targets.get((int) i)).toArray()));
  }

  private static List<Image> join(CompletableFuture<List<Image>> images) {
    try {
      return images.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** What the net sees of one of them. */
  private Image image(int i) {
    Image image = Image.open(files.get(i));
    return prepared().equals(input) || fits(image)
        ? prepared().prepare(image)
        : input.prepare(image);
  }

  private boolean fits(Image image) {
    return image.channels() == 1
        && image.width() == input.width()
        && image.height() == input.height();
  }

  /** The input without the preparation of digits. */
  private ImageInput prepared() {
    return input.digit() ? ImageInput.grey(input.height(), input.width()) : input;
  }

  /** One of them to look at; a digit is ink on paper. */
  Pixels picture(int i) {
    Image image = image(i);
    Image shown = input.digit() ? image : image.convert("RGB");
    return Pixels.of(shown.toBytes(), shown.height(), shown.width(), shown.channels());
  }
}
