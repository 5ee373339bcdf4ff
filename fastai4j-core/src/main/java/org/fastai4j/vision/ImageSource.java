package org.fastai4j.vision;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.fastai4j.data.Batch;
import org.fastai4j.data.BatchSource;
import org.fastai4j.data.DataException;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.jspecify.annotations.Nullable;

/**
 * Batches of images: decoded on other threads, ahead of their turn, and kept in memory as bytes, as
 * many of them as fit.
 *
 * <p>Bytes are gathered, become floats and go through the batch transforms on the thread that takes
 * the batch, once for the whole of it. Where an item transform draws, what comes before it is kept,
 * and the rest is done anew in each pass.
 */
final class ImageSource implements BatchSource<Batch> {
  private static final long PARALLEL_BYTES = 8L << 20;

  /** Batches decoded ahead, however large. */
  private static final int AHEAD = 6;

  /**
   * Small images decoded ahead, up to so many and so many bytes. Half of them are begun at once: a
   * thread that decodes takes its core from the step, which waits; better seldom than always.
   */
  private static final int AHEAD_IMAGES = 4096;

  private static final int AHEAD_BYTES = 16 << 20;

  private final List<?> items;
  private final @Nullable Tensor targets;
  private final ImageOptions options;
  private final long[] shape;
  private final int row;
  private final ThreadPoolExecutor pool;
  private final boolean training;

  /** The item transforms that do the same in every pass, up to the first that draws. */
  private final List<ItemTransform> fixed;

  /** The item transforms from the first that draws; none in validation. */
  private final List<ItemTransform> drawn;

  private final ImageCache originals;

  /** The first {@code cached} items have a place in the cache. */
  private final int cached;

  private final BitSet present = new BitSet();
  private @Nullable Tensor cache;
  private ByteBuffer[] parts = {};
  private int rowsOfPart = 1;

  /**
   * @param items paths or images
   * @param targets a row for each item; null for none
   * @param shape of an item, {@code [channels, height, width]}
   * @param cacheBytes how much may be kept
   * @param training whether items and batches are drawn as for training
   */
  ImageSource(
      List<?> items,
      @Nullable Tensor targets,
      ImageOptions options,
      long[] shape,
      long cacheBytes,
      ThreadPoolExecutor pool,
      boolean training) {
    this.items = items;
    this.targets = targets == null ? null : Scope.keep(targets);
    this.options = options;
    this.shape = shape.clone();
    this.pool = pool;
    this.training = training;
    row = Math.toIntExact(Shape.of(shape).numel());
    List<ItemTransform> all = options.itemTfms;
    int first = 0;
    while (first < all.size() && !(training && all.get(first).isRandom())) {
      first++;
    }
    fixed = all.subList(0, first);
    drawn = all.subList(first, all.size());
    cached = drawn.isEmpty() ? (int) Math.max(0, Math.min(items.size(), cacheBytes / row)) : 0;
    originals = new ImageCache(items.size(), drawn.isEmpty() ? 0 : cacheBytes);
  }

  /** The shape that {@code item} has in a batch, {@code [channels, height, width]}. */
  static long[] shapeOf(Object item, ImageOptions options) {
    Image image = read(item, options, options.itemTfms);
    return new long[] {options.mode.equals("L") ? 1 : 3, image.height(), image.width()};
  }

  /** Grey stays grey where color is wanted: its one channel is written three times. */
  private static Image read(Object item, ImageOptions options, List<ItemTransform> changes) {
    Image image;
    if (item instanceof Path file) {
      image = ImageReader.ofThread().read(file);
    } else if (item instanceof Image given) {
      image = given;
    } else {
      throw new DataException(
          "an item is a Path or an Image, not a " + item.getClass().getSimpleName());
    }
    if (options.mode.equals("L")) {
      image = image.convert("L");
    }
    for (ItemTransform change : changes) {
      image = change.apply(image);
    }
    return image;
  }

  List<?> items() {
    return items;
  }

  @Override
  public long size() {
    return items.size();
  }

  @Override
  public int ahead(int batchSize) {
    return Math.max(AHEAD, Math.min(AHEAD_IMAGES, AHEAD_BYTES / row) / batchSize);
  }

  /** The bytes that the cache takes when it is full. */
  long cacheBytes() {
    return (long) cached * row + originals.limit();
  }

  @Override
  public boolean isRandom() {
    return training && !(drawn.isEmpty() && options.batchTfms.isEmpty());
  }

  @Override
  public Supplier<Batch> begin(long[] rows) {
    return begin(rows, 0);
  }

  @Override
  public Supplier<Batch> begin(long[] rows, long seed) {
    if (!drawn.isEmpty()) {
      return fresh(rows, seed, i -> draw((int) rows[i], random(seed, i)));
    }
    if (LongStream.of(rows).allMatch(r -> r < cached)) {
      long[] missing = missing(rows);
      if (missing.length == 0) {
        return () -> gathered(rows, seed);
      }
      cache();
      Work work = new Work(missing.length, i -> decodeToCache((int) missing[i])).begin(pool);
      return () -> {
        work.join();
        have(missing);
        return gathered(rows, seed);
      };
    }
    return fresh(rows, seed, i -> read(items.get((int) rows[i])));
  }

  /** A batch that leaves nothing in the cache. */
  private Supplier<Batch> fresh(long[] rows, long seed, IntFunction<Image> image) {
    int most = Integer.MAX_VALUE / row;
    if (rows.length > most) {
      throw new DataException(
          ("a batch of %d images of %d x %d pixels (width x height) takes more than the 2 GB of a"
                  + " buffer; take at most %d at a time with the option bs(%d), or make them smaller"
                  + " with the option size(n)")
              .formatted(rows.length, shape[2], shape[1], most, most));
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(rows.length * row);
    IntConsumer decode = i -> put(image.apply(i), items.get((int) rows[i]), bytes, i * row);
    Work work = new Work(rows.length, decode).begin(pool);
    return () -> {
      work.join();
      return batch(rows, seed, numbers -> Tensor.wrap(bytes, rows.length, row));
    };
  }

  /** An item as training sees it this time. */
  private Image draw(int item, RandomGenerator random) {
    Image image = originals.get(item, () -> read(items.get(item)));
    for (ItemTransform change : drawn) {
      image = change.train(image, random);
    }
    return image;
  }

  private void decodeToCache(int item) {
    Object from = items.get(item);
    Image image = read(from);
    put(image, from, parts[item / rowsOfPart], item % rowsOfPart * row);
  }

  /** Writes an item as {@code [channels, height, width]}. */
  private void put(Image image, Object from, ByteBuffer target, int at) {
    if (image.height() != shape[1] || image.width() != shape[2]) {
      throw new DataException(
          ("%s is %d x %d pixels (width x height) where %d x %d are wanted, as in the first image;"
                  + " give the images one size with the option size(n)")
              .formatted(from, image.width(), image.height(), shape[2], shape[1]));
    }
    byte[] pixels = image.pixels();
    int plane = image.width() * image.height();
    if (image.channels() == 1) {
      for (int c = 0; c < shape[0]; c++) {
        target.put(at + c * plane, pixels);
      }
      return;
    }
    byte[] planes = new byte[row];
    for (int i = 0, p = 0; p < plane; p++) {
      planes[p] = pixels[i++];
      planes[p + plane] = pixels[i++];
      planes[p + 2 * plane] = pixels[i++];
    }
    target.put(at, planes);
  }

  private Image read(Object item) {
    try {
      return read(item, options, fixed);
    } catch (DataException e) {
      throw targets == null
          ? e
          : new DataException(
              e.getMessage()
                  + "; replace or delete the file, or leave all such out with the option"
                  + " skipCorrupt()",
              e);
    }
  }

  private synchronized long[] missing(long[] rows) {
    return LongStream.of(rows).filter(r -> !present.get((int) r)).toArray();
  }

  private synchronized void have(long[] rows) {
    for (long r : rows) {
      present.set((int) r);
    }
  }

  /** Memory that is not written to costs nothing yet. Buffers are of less than 2 GB each. */
  private synchronized Tensor cache() {
    Tensor store = cache;
    if (store == null) {
      store = Scope.keep(Tensor.empty(DType.UINT8, cached, row));
      rowsOfPart = Math.max(1, (1 << 30) / row);
      ByteBuffer[] views = new ByteBuffer[(cached + rowsOfPart - 1) / rowsOfPart];
      for (int i = 0; i < views.length; i++) {
        int from = i * rowsOfPart;
        Tensor all = store;
        views[i] =
            Scope.compute(
                () -> all.narrow(0, from, Math.min(rowsOfPart, cached - from)).asByteBuffer());
      }
      parts = views;
      cache = store;
    }
    return store;
  }

  private Batch gathered(long[] rows, long seed) {
    Tensor store = cache();
    return batch(rows, seed, numbers -> store.indexSelect(0, numbers));
  }

  private Batch batch(long[] rows, long seed, UnaryOperator<Tensor> bytes) {
    Supplier<Batch> make =
        () -> {
          Tensor numbers = Tensor.of(rows);
          Tensor x = Scope.compute(() -> changed(bytes.apply(numbers), random(seed, -1)));
          Tensor y = targets;
          return y == null ? Batch.of(x) : new Batch(x, y.indexSelect(0, numbers));
        };
    return (long) rows.length * row * Float.BYTES > PARALLEL_BYTES
        ? make.get()
        : Torch.withNumThreads(1, make);
  }

  /** Bytes as floats in 0..1, through the batch transforms. */
  private Tensor changed(Tensor bytes, RandomGenerator random) {
    Tensor x = bytes.view(-1, shape[0], shape[1], shape[2]).toFloat();
    int next = 0;
    if (!options.batchTfms.isEmpty() && options.batchTfms.get(0) instanceof Normalize normalize) {
      x = normalize.scaled(x, 255); // one pass over the memory instead of two
      next = 1;
    } else {
      x = x.div_(255);
    }
    for (BatchTransform change : options.batchTfms.subList(next, options.batchTfms.size())) {
      x = training ? change.train(x, random) : change.valid(x);
    }
    return x;
  }

  /** What the {@code i}th item of a batch draws from, and the batch as a whole from -1. */
  private static RandomGenerator random(long seed, int i) {
    return new SplittableRandom(new SplittableRandom(seed + i).nextLong());
  }
}
