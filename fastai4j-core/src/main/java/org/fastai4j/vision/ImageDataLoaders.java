package org.fastai4j.vision;

import static org.fastai4j.data.ItemPaths.getImageFiles;
import static org.fastai4j.data.ItemPaths.parentLabel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * From a folder of pictures to batches: {@code x} float32 {@code [n, channels, height, width]} in
 * 0..1, {@code y} int64 {@code [n]}, the numbers of the classes.
 *
 * <pre>{@code
 * DataLoaders dls = ImageDataLoaders.fromFolder(path);
 * DataLoaders dls = ImageDataLoaders.fromFolder(path, o -> o.validPct(0.2).seed(42).size(128));
 * }</pre>
 *
 * <p>Files are decoded by other threads ahead of the training step. Once decoded they stay in
 * memory, a byte a sample, within {@link ImageOptions#cacheBytes}.
 */
public final class ImageDataLoaders extends DataLoaders {
  private static final List<String> TRAIN = List.of("train", "training");
  private static final List<String> VALID = List.of("valid", "val", "testing", "test");

  private final List<String> vocab;
  private final ImageOptions options;
  private final long[] shape;
  private final long cacheBytes;
  private final ThreadPoolExecutor pool;

  private ImageDataLoaders(
      ImageSource train,
      ImageSource valid,
      List<String> vocab,
      ImageOptions options,
      long[] shape,
      ThreadPoolExecutor pool) {
    super(trainingBatches(train, options), DataLoader.of(valid, options.bs));
    this.vocab = List.copyOf(vocab);
    this.options = options;
    this.shape = shape;
    this.pool = pool;
    cacheBytes = train.cacheBytes() + valid.cacheBytes();
  }

  private static DataLoader<Batch> trainingBatches(ImageSource train, ImageOptions options) {
    DataLoader<Batch> batches = DataLoader.of(train, options.bs);
    batches =
        options.seed.isPresent() ? batches.shuffle(options.seed.getAsLong()) : batches.shuffle();
    return options.dropLast ? batches.dropLast() : batches;
  }

  /** {@link #fromFolder(Path, UnaryOperator)} with the default options. */
  public static ImageDataLoaders fromFolder(Path path) {
    return fromFolder(path, o -> o);
  }

  /**
   * Images labelled by the folder that they lie in.
   *
   * <p>With {@link ImageOptions#validPct} all below {@code path} are split at random. Else those in
   * the classes of {@code train} (or {@code training}) and of {@code valid} ({@code val}, {@code
   * testing}, {@code test}) are taken as they are divided; without a training folder a fifth is
   * drawn for validation, where fastai fails.
   *
   * @throws DataException if there are no images, or only one class, or a validation image of a
   *     class that is not in the training data
   */
  public static ImageDataLoaders fromFolder(Path path, UnaryOperator<ImageOptions> set) {
    ImageOptions options = set.apply(new ImageOptions());
    Optional<String> train = options.train.or(() -> present(path, TRAIN));
    if (options.validPct.isPresent() || train.isEmpty()) {
      return split(path, options);
    }
    String validName =
        options
            .valid
            .or(() -> present(path, VALID))
            .orElseThrow(
                () ->
                    new DataException(
                        "%s holds %s, but no folder %s to validate with; set validPct(0.2), or name it with folders(train, valid)"
                            .formatted(path, train.get(), String.join(", ", VALID))));
    return of(classFiles(path, train.get()), classFiles(path, validName), options);
  }

  private static Optional<String> present(Path path, List<String> names) {
    return names.stream().filter(name -> Files.isDirectory(path.resolve(name))).findFirst();
  }

  /** The images that lie in a folder in {@code name}. */
  private static List<Path> classFiles(Path path, String name) {
    Path folder = path.resolve(name);
    List<Path> files =
        getImageFiles(folder).stream()
            .filter(file -> folder.relativize(file).getNameCount() == 2)
            .toList();
    if (files.isEmpty()) {
      throw new DataException(
          "no images in the folders of " + folder + "; each class has a folder there");
    }
    return files;
  }

  /** As fastai's RandomSplitter: the first of a random order of all validate. */
  private static ImageDataLoaders split(Path path, ImageOptions options) {
    List<Path> files = getImageFiles(path);
    if (files.isEmpty()) {
      throw new DataException("no images below " + path + "; each class has a folder of them");
    }
    long[] order =
        Scope.compute(
            () -> {
              if (options.seed.isEmpty()) {
                return Tensor.randperm(files.size()).toLongArray();
              }
              Tensor state = Torch.getRngState();
              Torch.manualSeed(options.seed.getAsLong());
              try {
                return Tensor.randperm(files.size()).toLongArray();
              } finally {
                Torch.setRngState(state);
              }
            });
    int cut = (int) (options.validPct.orElse(0.2) * order.length);
    List<Path> valid = new ArrayList<>();
    List<Path> train = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      (i < cut ? valid : train).add(files.get((int) order[i]));
    }
    return of(train, valid, options);
  }

  private static ImageDataLoaders of(
      List<Path> allTrain, List<Path> allValid, ImageOptions options) {
    List<Path> train = options.skipCorrupt ? Images.readable(allTrain) : allTrain;
    List<Path> valid = options.skipCorrupt ? Images.readable(allValid) : allValid;
    TreeSet<String> labels = new TreeSet<>();
    train.forEach(file -> labels.add(parentLabel(file)));
    List<String> vocab = List.copyOf(labels);
    if (vocab.size() < 2) {
      throw new DataException(
          "all %d training images are of one class, '%s'; a classifier needs a folder for each of two or more"
              .formatted(train.size(), vocab.get(0)));
    }
    long[] shape = ImageSource.shapeOf(train.get(0), options);
    if (options.mean.length > 0 && options.mean.length != shape[0]) {
      throw new DataException(
          "normalize: statistics of %d channels for images of %d"
              .formatted(options.mean.length, shape[0]));
    }
    ThreadPoolExecutor pool = Work.pool(options.threads);
    ImageSource first =
        new ImageSource(train, targets(train, vocab), options, shape, options.cacheBytes, pool);
    ImageSource second =
        new ImageSource(
            valid,
            targets(valid, vocab),
            options,
            shape,
            options.cacheBytes - first.cacheBytes(),
            pool);
    return new ImageDataLoaders(first, second, vocab, options, shape, pool);
  }

  private static Tensor targets(List<Path> files, List<String> vocab) {
    long[] numbers = new long[files.size()];
    for (int i = 0; i < numbers.length; i++) {
      String label = parentLabel(files.get(i));
      numbers[i] = Collections.binarySearch(vocab, label);
      if (numbers[i] < 0) {
        throw new DataException(
            "%s is of class '%s', which is not in the training data: %s"
                .formatted(files.get(i), label, String.join(", ", vocab)));
      }
    }
    return Tensor.of(numbers);
  }

  @Override
  public List<String> vocab() {
    return vocab;
  }

  /**
   * Batches of paths or {@link Image}s, prepared as those for validation, in order and without
   * targets.
   */
  @Override
  public DataLoader<Batch> testDl(List<?> items) {
    return DataLoader.of(new ImageSource(items, null, options, shape, 0, pool), options.bs);
  }

  /** The shape of one item, {@code [channels, height, width]}. */
  public long[] itemShape() {
    return shape.clone();
  }

  /** The bytes that decoded images take in memory when all that fit are there. */
  public long cacheBytes() {
    return cacheBytes;
  }

  /** What there is, and what it takes. */
  @Override
  public String toString() {
    return "ImageDataLoaders: %d to train on, %d to validate with, %d classes, %s each; %d MB of memory for decoded images"
        .formatted(train().items(), valid().items(), c(), Shape.of(shape), cacheBytes >> 20);
  }
}
