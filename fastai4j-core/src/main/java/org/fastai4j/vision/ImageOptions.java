package org.fastai4j.vision;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;
import org.fastai4j.data.DataException;
import org.fastai4j.tensor.Tensor;

/** How {@link ImageDataLoaders} makes batches; each method gives changed options. */
public final class ImageOptions {
  IntUnaryOperator bs = items -> 64;
  String mode = "RGB";
  OptionalDouble validPct = OptionalDouble.empty();
  OptionalLong seed = OptionalLong.empty();
  Optional<String> train = Optional.empty();
  Optional<String> valid = Optional.empty();
  List<ItemTransform> itemTfms = List.of();
  List<BatchTransform> batchTfms = List.of();
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
    batchTfms = o.batchTfms;
    cacheBytes = o.cacheBytes;
    threads = o.threads;
    dropLast = o.dropLast;
    skipCorrupt = o.skipCorrupt;
  }

  /** The number of items of a batch, 64 unless set. */
  public ImageOptions bs(int bs) {
    return bs(items -> bs);
  }

  /** The number of items of a batch, by how many there are to train on. */
  public ImageOptions bs(IntUnaryOperator ofItems) {
    ImageOptions o = new ImageOptions(this);
    o.bs = ofItems;
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

  /** Makes every image {@code size} x {@code size}: {@link Resize#to(int)}. */
  public ImageOptions size(int size) {
    return itemTfms(Resize.to(size));
  }

  /**
   * Further changes to each image. One of the same class as an earlier one takes its place, as in
   * fastai.
   */
  public ImageOptions itemTfms(ItemTransform... changes) {
    ImageOptions o = new ImageOptions(this);
    o.itemTfms = merged(itemTfms, List.of(changes), Comparator.comparingInt(ItemTransform::order));
    return o;
  }

  /**
   * Further changes to each batch; the usual ones are {@code AugTransforms.standard()}. One of the
   * same class as an earlier one takes its place.
   */
  public ImageOptions batchTfms(BatchTransform... changes) {
    ImageOptions o = new ImageOptions(this);
    o.batchTfms =
        merged(batchTfms, List.of(changes), Comparator.comparingInt(BatchTransform::order));
    return o;
  }

  private static <T> List<T> merged(List<T> before, List<T> more, Comparator<T> order) {
    List<T> all = new ArrayList<>(before);
    for (T change : more) {
      Class<?> type = change.getClass();
      all.removeIf(other -> other.getClass() == type && !type.isHidden()); // lambdas are hidden
      all.add(change);
    }
    all.sort(order);
    return List.copyOf(all);
  }

  /** Takes {@code mean} from each channel (in 0..1) and divides by {@code std}. */
  public ImageOptions normalize(double[] mean, double[] std) {
    return batchTfms(Normalize.fromStats(mean, std));
  }

  /** Images to look at, in 0..1, from a batch: what {@link Normalize} did is undone. */
  Tensor decode(Tensor x) {
    Tensor out = x;
    for (BatchTransform change : batchTfms) {
      out = change instanceof Normalize normalize ? normalize.decode(out) : out;
    }
    return out.clamp(0, 1);
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
