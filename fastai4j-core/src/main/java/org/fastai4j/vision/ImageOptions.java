package org.fastai4j.vision;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.fastai4j.data.DataException;

/** How {@link ImageDataLoaders} makes batches; each method gives changed options. */
public final class ImageOptions {
  int bs = 64;
  String mode = "RGB";
  OptionalDouble validPct = OptionalDouble.empty();
  OptionalLong seed = OptionalLong.empty();
  Optional<String> train = Optional.empty();
  Optional<String> valid = Optional.empty();
  List<UnaryOperator<Image>> itemTfms = List.of();
  double[] mean = {};
  double[] std = {};
  long cacheBytes = quarterOfMemory();
  int threads = Runtime.getRuntime().availableProcessors();
  boolean dropLast = true;
  boolean skipCorrupt;

  ImageOptions() {}

  private ImageOptions(ImageOptions o) {
    bs = o.bs;
    mode = o.mode;
    validPct = o.validPct;
    seed = o.seed;
    train = o.train;
    valid = o.valid;
    itemTfms = o.itemTfms;
    mean = o.mean;
    std = o.std;
    cacheBytes = o.cacheBytes;
    threads = o.threads;
    dropLast = o.dropLast;
    skipCorrupt = o.skipCorrupt;
  }

  /** The number of items of a batch, 64 unless set. */
  public ImageOptions bs(int bs) {
    ImageOptions o = new ImageOptions(this);
    o.bs = bs;
    return o;
  }

  /** One channel instead of three: fastai's {@code img_cls=PILImageBW}. */
  public ImageOptions grey() {
    ImageOptions o = new ImageOptions(this);
    o.mode = "L";
    return o;
  }

  /** Takes this share (0..1) of all images, drawn at random, to validate with. */
  public ImageOptions validPct(double share) {
    if (!(share > 0 && share < 1)) {
      throw new DataException("validPct: " + share + "; it lies between 0 and 1, such as 0.2");
    }
    ImageOptions o = new ImageOptions(this);
    o.validPct = OptionalDouble.of(share);
    return o;
  }

  /** Draws split and orders from this seed, in place of the engine's generator. */
  public ImageOptions seed(long seed) {
    ImageOptions o = new ImageOptions(this);
    o.seed = OptionalLong.of(seed);
    return o;
  }

  /** The names of the folders to train on and to validate with. */
  public ImageOptions folders(String train, String valid) {
    ImageOptions o = new ImageOptions(this);
    o.train = Optional.of(train);
    o.valid = Optional.of(valid);
    return o;
  }

  /**
   * Makes every image {@code size} x {@code size}: cut to a square about the center, then resized
   * as PIL does. fastai's {@code Resize} draws the place of the cut in training.
   */
  public ImageOptions size(int size) {
    return itemTfm(
        image -> {
          int side = Math.min(image.width(), image.height());
          return image
              .crop((image.width() - side) / 2, (image.height() - side) / 2, side, side)
              .resize(size, size);
        });
  }

  /** One more change to each image; it runs on several threads and must draw nothing at random. */
  public ImageOptions itemTfm(UnaryOperator<Image> change) {
    ImageOptions o = new ImageOptions(this);
    o.itemTfms = new ArrayList<>(itemTfms);
    o.itemTfms.add(change);
    return o;
  }

  /** Takes {@code mean} from each channel (in 0..1) and divides by {@code std}. */
  public ImageOptions normalize(double[] mean, double[] std) {
    if (mean.length != std.length || mean.length == 0) {
      throw new DataException("normalize: needs a mean and a standard deviation for each channel");
    }
    ImageOptions o = new ImageOptions(this);
    o.mean = mean.clone();
    o.std = std.clone();
    return o;
  }

  /**
   * The most memory that decoded images may take, in bytes: a quarter of the machine's unless set.
   * What does not fit is decoded again in each pass.
   */
  public ImageOptions cacheBytes(long bytes) {
    ImageOptions o = new ImageOptions(this);
    o.cacheBytes = bytes;
    return o;
  }

  /** How many threads decode; the batches do not depend on it. */
  public ImageOptions threads(int threads) {
    if (threads < 1) {
      throw new DataException("threads: " + threads + "; use 1 or more");
    }
    ImageOptions o = new ImageOptions(this);
    o.threads = threads;
    return o;
  }

  /** Whether training leaves out the last batch if it is smaller: yes unless set, as fastai's. */
  public ImageOptions dropLast(boolean drop) {
    ImageOptions o = new ImageOptions(this);
    o.dropLast = drop;
    return o;
  }

  /**
   * Leaves out files that cannot be read, with a warning that counts them; unless this is set, the
   * first of them fails by name. Every file is decoded once to find them, before training begins,
   * so that items and targets stay together and each batch is full.
   */
  public ImageOptions skipCorrupt() {
    ImageOptions o = new ImageOptions(this);
    o.skipCorrupt = true;
    return o;
  }

  private static long quarterOfMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize() / 4
        : Runtime.getRuntime().maxMemory();
  }
}
