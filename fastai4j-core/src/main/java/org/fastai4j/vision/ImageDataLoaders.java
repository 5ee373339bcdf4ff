package org.fastai4j.vision;

import static org.fastai4j.data.ItemPaths.getImageFiles;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.dflib.DataFrame;
import org.dflib.csv.Csv;
import org.fastai4j.data.Batch;
import org.fastai4j.data.CategoryBlock;
import org.fastai4j.data.DataBlock;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.Datasets;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.data.MultiCategoryBlock;
import org.fastai4j.data.RegexLabeller;
import org.fastai4j.data.RegressionBlock;
import org.fastai4j.data.Row;
import org.fastai4j.data.Splitter;
import org.fastai4j.data.TargetBlock;
import org.fastai4j.nn.Loss;
import org.fastai4j.plot.Figure;
import org.fastai4j.plot.ImageGrid;
import org.fastai4j.plot.Pixels;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;

/**
 * From pictures to batches: {@code x} float32 {@code [n, channels, height, width]} in 0..1, {@code
 * y} the numbers of the classes, int64 {@code [n]}, or what else the labels call for.
 *
 * <pre>{@code
 * var dls = ImageDataLoaders.fromFolder(path);
 * var dls = ImageDataLoaders.fromFolder(path, o -> o.validPct(0.2).seed(42)
 *     .itemTfms(RandomResizedCrop.to(128))
 *     .batchTfms(AugTransforms.standard(), Normalize.IMAGENET));
 * var dls = ImageDataLoaders.fromNameRegex(path, getImageFiles(path), "(.+)_\\d+.jpg", o -> o);
 * var dls = ImageDataLoaders.fromCsv(path, "labels.csv", c -> c.labelDelim(" "), o -> o.bs(16));
 * }</pre>
 *
 * <p>Files are decoded by other threads ahead of the training step. Once decoded they stay in
 * memory, a byte a sample, within {@link ImageOptions#cacheBytes}. Other recipes are written with a
 * {@link DataBlock}; those here are some, and where they divide at random a fifth validates, unless
 * {@link ImageOptions#validPct} says otherwise.
 */
public final class ImageDataLoaders extends DataLoaders {
  private static final List<String> TRAIN = List.of("train", "training");
  private static final List<String> VALID = List.of("valid", "val", "testing", "test");

  private final Datasets<?, Path, ?> data;
  private final ImageOptions options;
  private final long[] shape;
  private final ImageSource source;
  private final long cacheBytes;
  private final ThreadPoolExecutor pool;
  private final Datasets.Subset<Path> validSet;
  private final List<Images.BadImage> leftOut;

  private ImageDataLoaders(
      Datasets<?, Path, ?> data,
      ImageSource train,
      ImageSource valid,
      Datasets.Subset<Path> validSet,
      List<Images.BadImage> leftOut,
      ImageOptions options,
      long[] shape,
      ThreadPoolExecutor pool) {
    super(trainingBatches(train, options), DataLoader.of(valid, batchSize(train, options)));
    this.data = data;
    this.options = options;
    this.shape = shape;
    this.pool = pool;
    this.validSet = validSet;
    this.leftOut = List.copyOf(leftOut);
    source = train;
    cacheBytes = train.cacheBytes() + valid.cacheBytes();
  }

  private static DataLoader<Batch> trainingBatches(ImageSource train, ImageOptions options) {
    DataLoader<Batch> batches = DataLoader.of(train, batchSize(train, options));
    batches =
        options.seed.isPresent() ? batches.shuffle(options.seed.getAsLong()) : batches.shuffle();
    return options.dropLast ? batches.dropLast() : batches;
  }

  private static int batchSize(ImageSource train, ImageOptions options) {
    return options.bs.applyAsInt((int) train.size());
  }

  static ImageDataLoaders of(Datasets<?, Path, ?> data, ImageOptions options) {
    List<Images.BadImage> leftOut = new ArrayList<>();
    Datasets.Subset<Path> train = readable(data.train(), options, leftOut);
    Datasets.Subset<Path> valid = readable(data.valid(), options, leftOut);
    long[] shape = ImageSource.shapeOf(train.inputs().get(0), options);
    ThreadPoolExecutor pool = Work.pool(options.threads);
    ImageSource first =
        new ImageSource(
            train.inputs(),
            train.targets().orElse(null),
            options,
            shape,
            options.cacheBytes,
            pool,
            true);
    ImageSource second =
        new ImageSource(
            valid.inputs(),
            valid.targets().orElse(null),
            options,
            shape,
            options.cacheBytes - first.cacheBytes(),
            pool,
            false);
    return new ImageDataLoaders(data, first, second, valid, leftOut, options, shape, pool);
  }

  private static Datasets.Subset<Path> readable(
      Datasets.Subset<Path> all, ImageOptions options, List<Images.BadImage> leftOut) {
    if (!options.skipCorrupt) {
      return all;
    }
    List<Path> files = all.inputs();
    List<Images.BadImage> bad = Images.leftOut(files);
    leftOut.addAll(bad);
    Set<Path> good = new HashSet<>(files);
    bad.forEach(image -> good.remove(image.file()));
    long[] kept =
        LongStream.range(0, files.size()).filter(i -> good.contains(files.get((int) i))).toArray();
    return new Datasets.Subset<>(
        files.stream().filter(good::contains).toList(),
        all.targets().map(y -> y.indexSelect(0, Tensor.of(kept))));
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
      List<Path> files = getImageFiles(path);
      if (files.isEmpty()) {
        throw new DataException("no images below " + path + "; each class has a folder of them");
      }
      return labelled(files, atRandom(options), ItemPaths::parentLabel, options);
    }
    String valid =
        options
            .valid
            .or(() -> present(path, VALID))
            .orElseThrow(
                () ->
                    new DataException(
                        "%s holds %s, but no folder %s to validate with; set validPct(0.2), or name it with folders(train, valid)"
                            .formatted(path, train.get(), String.join(", ", VALID))));
    List<Path> files = new ArrayList<>(classFiles(path, train.get()));
    files.addAll(classFiles(path, valid));
    return labelled(
        files, Splitter.grandparent(train.get(), valid), ItemPaths::parentLabel, options);
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

  private static Splitter<Object> atRandom(ImageOptions options) {
    double share = options.validPct.orElse(0.2);
    return options.seed.isPresent()
        ? Splitter.random(share, options.seed.getAsLong())
        : Splitter.random(share);
  }

  private static ImageDataLoaders labelled(
      List<Path> files,
      Splitter<? super Path> splitter,
      Function<? super Path, ?> label,
      ImageOptions options) {
    return DataBlock.of(new ImageBlock(), new CategoryBlock())
        .splitter(splitter)
        .getY(label)
        .options(o -> options)
        .dataloaders(files);
  }

  /**
   * These images, each of the class that {@code label} sees in its path; divided at random.
   *
   * @param files of which those that do not begin with {@code path} lie below it
   */
  public static ImageDataLoaders fromPathFunc(
      Path path,
      List<Path> files,
      Function<? super Path, ?> label,
      UnaryOperator<ImageOptions> set) {
    ImageOptions options = set.apply(new ImageOptions());
    return labelled(below(path, files), atRandom(options), label, options);
  }

  private static List<Path> below(Path path, List<Path> files) {
    return files.stream().map(f -> f.startsWith(path) ? f : path.resolve(f)).toList();
  }

  /** As {@link #fromPathFunc}; {@code label} sees the name of the file alone. */
  public static ImageDataLoaders fromNameFunc(
      Path path,
      List<Path> files,
      Function<? super String, ?> label,
      UnaryOperator<ImageOptions> set) {
    return fromPathFunc(path, files, file -> label.apply(String.valueOf(file.getFileName())), set);
  }

  /** As {@link #fromPathFunc}, by {@link RegexLabeller#path}; fastai's {@code from_path_re}. */
  public static ImageDataLoaders fromPathRegex(
      Path path, List<Path> files, String pattern, UnaryOperator<ImageOptions> set) {
    return fromPathFunc(path, files, RegexLabeller.path(pattern), set);
  }

  /** As {@link #fromPathFunc}, by {@link RegexLabeller#name}; fastai's {@code from_name_re}. */
  public static ImageDataLoaders fromNameRegex(
      Path path, List<Path> files, String pattern, UnaryOperator<ImageOptions> set) {
    return fromPathFunc(path, files, RegexLabeller.name(pattern), set);
  }

  /**
   * These images and their labels, divided at random. Labels that are fractions are to be predicted
   * as numbers, lists of labels hold together, all others are classes.
   */
  public static ImageDataLoaders fromLists(
      Path path, List<Path> files, List<?> labels, UnaryOperator<ImageOptions> set) {
    if (files.size() != labels.size() || files.isEmpty()) {
      throw new DataException(
          "%d images and %d labels; give a label for each of one or more"
              .formatted(files.size(), labels.size()));
    }
    record Item(Path file, Object label) {
      @Override
      public String toString() {
        return file.toString();
      }
    }
    List<Path> paths = below(path, files);
    List<Item> items =
        IntStream.range(0, paths.size())
            .mapToObj(i -> new Item(paths.get(i), labels.get(i)))
            .toList();
    ImageOptions options = set.apply(new ImageOptions());
    Object first = labels.get(0);
    if (first instanceof Collection) {
      return of(
          items,
          Item::file,
          new MultiCategoryBlock(),
          item -> (Collection<?>) item.label,
          atRandom(options),
          options);
    }
    boolean numbers = first instanceof Double || first instanceof Float;
    return of(
        items,
        Item::file,
        numbers ? new RegressionBlock() : new CategoryBlock(),
        Item::label,
        atRandom(options),
        options);
  }

  private static <I, Y> ImageDataLoaders of(
      List<I> items,
      Function<I, Path> file,
      TargetBlock<Y> block,
      Function<I, ? extends Y> label,
      Splitter<? super I> splitter,
      ImageOptions options) {
    return DataBlock.of(new ImageBlock(), block)
        .getX(file)
        .splitter(splitter)
        .getY(label)
        .options(o -> options)
        .dataloaders(items);
  }

  /** The images that {@code labels.csv} names, with the default columns and options. */
  public static ImageDataLoaders fromCsv(Path path) {
    return fromCsv(path, "labels.csv", c -> c, o -> o);
  }

  /**
   * The images that a table in {@code path} names, which begins with a line of the columns' names.
   * Labels that are all whole numbers are sorted as such. See {@link #fromDataFrame}.
   */
  public static ImageDataLoaders fromCsv(
      Path path, String csv, UnaryOperator<LabelColumns> columns, UnaryOperator<ImageOptions> set) {
    Path file = path.resolve(csv);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "no table " + file + "; name the file, or make one with the columns name,label");
    }
    DataFrame frame;
    try {
      frame = Csv.loader().emptyStringIsNull().load(file);
    } catch (RuntimeException e) {
      throw new DataException(file + " is not a table this can read: " + e.getMessage(), e);
    }
    try {
      return fromRows(path, frame, columns.apply(new LabelColumns()), true, set);
    } catch (DataException e) {
      throw new DataException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The images that a data frame names, with one class each; with several label columns or a
   * delimiter, any number of classes; with {@link LabelColumns#regression()}, numbers. Divided by
   * {@link LabelColumns#validCol} or at random.
   *
   * @throws DataException if there are no rows, or a column or a file is missing
   */
  public static ImageDataLoaders fromDataFrame(
      Path path,
      DataFrame frame,
      UnaryOperator<LabelColumns> columns,
      UnaryOperator<ImageOptions> set) {
    return fromRows(path, frame, columns.apply(new LabelColumns()), false, set);
  }

  private static ImageDataLoaders fromRows(
      Path path,
      DataFrame frame,
      LabelColumns columns,
      boolean allText,
      UnaryOperator<ImageOptions> set) {
    List<Row> rows = Row.of(frame);
    if (rows.isEmpty()) {
      throw new DataException("the table has no rows; each names an image and its label");
    }
    String fileColumn = columns.file.orElseGet(() -> column(frame, 0));
    List<String> labels = columns.labels.isEmpty() ? List.of(column(frame, 1)) : columns.labels;
    Path folder = path.resolve(columns.folder);
    Function<Row, Path> file = row -> folder.resolve(row.text(fileColumn) + columns.suffix);
    checkFiles(rows, file);
    ImageOptions options = set.apply(new ImageOptions());
    Splitter<? super Row> splitter =
        columns.valid.isPresent() ? Splitter.column(columns.valid.get()) : atRandom(options);
    String label = labels.get(0);
    if (columns.regression) {
      Function<Row, Object> numbers =
          labels.size() == 1
              ? row -> row.get(label)
              : row -> labels.stream().map(row::get).toList();
      return of(rows, file, new RegressionBlock(), numbers, splitter, options);
    }
    if (columns.delimiter.isPresent() || labels.size() > 1) {
      Function<Row, Collection<?>> several = row -> several(row, labels, columns.delimiter);
      return of(rows, file, new MultiCategoryBlock(), several, splitter, options);
    }
    boolean whole = allText && rows.stream().allMatch(r -> r.text(label).matches("-?\\d{1,18}"));
    Function<Row, Object> one =
        whole ? row -> Long.valueOf(row.text(label)) : row -> row.get(label);
    return of(rows, file, new CategoryBlock(), one, splitter, options);
  }

  private static String column(DataFrame frame, int number) {
    if (frame.width() <= number) {
      throw new DataException(
          "the table has %d columns, where the first names the file and the second the label"
              .formatted(frame.width()));
    }
    return frame.getColumnsIndex().get(number);
  }

  private static Collection<?> several(Row row, List<String> labels, Optional<String> delimiter) {
    return delimiter.isEmpty()
        ? labels.stream().map(row::get).toList()
        : labels.stream()
            .filter(row::has)
            .flatMap(l -> Arrays.stream(row.text(l).split(Pattern.quote(delimiter.get()))))
            .filter(l -> !l.isEmpty())
            .toList();
  }

  private static void checkFiles(List<Row> rows, Function<Row, Path> file) {
    List<Row> missing = rows.stream().filter(row -> !Files.exists(file.apply(row))).toList();
    if (!missing.isEmpty()) {
      Row first = missing.get(0);
      throw new DataException(
          "%d of %d files are missing, the first is %s of %s; fnCol, folder and suff say where they lie"
              .formatted(missing.size(), rows.size(), file.apply(first), first));
    }
  }

  @Override
  public List<String> vocab() {
    return data.targets().vocab();
  }

  @Override
  public int c() {
    return data.targets().c();
  }

  /** Cross-entropy for one class, with logits of each for several, mean squares for numbers. */
  @Override
  public Optional<Loss> lossFunc() {
    return Optional.of(data.targets().loss());
  }

  /** A target of a batch in words: the name of its class, for example. */
  public String decode(Tensor target) {
    return data.targets().decode(target);
  }

  /**
   * Batches of further items, prepared as those for validation, in order and without targets: items
   * as these data were made of, files, or {@link Image}s.
   */
  @Override
  public DataLoader<Batch> testDl(List<?> items) {
    return batches(data.test(items), false);
  }

  /** As {@link #testDl} with targets; fastai's {@code test_dl(items, with_labels=True)}. */
  public DataLoader<Batch> testDlWithLabels(List<?> items) {
    return batches(data.labelledTest(items), false);
  }

  @Override
  public DataLoader<Batch> augmentedValid() {
    return batches(validSet, true);
  }

  private DataLoader<Batch> batches(Datasets.Subset<?> subset, boolean training) {
    return DataLoader.of(
        new ImageSource(
            subset.inputs(), subset.targets().orElse(null), options, shape, 0, pool, training),
        train().batchSize());
  }

  /** {@link #showBatch(int)} with nine. */
  public Figure showBatch() {
    return showBatch(9);
  }

  /** Some images of the training data as the net sees them, with their labels, mixed. */
  public Figure showBatch(int maxN) {
    return show(DataLoader.of(source, maxN).shuffle(options.seed.orElse(0)), maxN);
  }

  /** The first image of the training data {@code n} times: what augmentation makes of it. */
  public Figure showUnique(int n) {
    return show(DataLoader.of(source, n).inOrder(new long[n]), n);
  }

  private Figure show(DataLoader<Batch> batches, int maxN) {
    return Scope.compute(() -> showBatch(batches.oneBatch(), maxN));
  }

  /** The first images of a batch of these loaders, with their labels. */
  public Figure showBatch(Batch batch, int maxN) {
    int n = (int) Math.min(maxN, batch.size());
    int rows = (int) Math.sqrt(n);
    List<Pixels> images = new ArrayList<>();
    List<String> titles = new ArrayList<>();
    Scope.run(
        () -> {
          Tensor x = options.decode(batch.x().narrow(0, 0, n).detach());
          for (int i = 0; i < n; i++) {
            images.add(Pixels.of(x.select(0, i)));
            if (batch.hasTargets()) {
              titles.add(decode(batch.y().select(0, i)));
            }
          }
        });
    return ImageGrid.showImages(images, rows, (n + rows - 1) / rows, titles);
  }

  /** The files to validate with, in the order of {@link #valid}. */
  public List<Path> validFiles() {
    return validSet.inputs();
  }

  /** The files that {@link ImageOptions#skipCorrupt} left out. */
  public List<Images.BadImage> leftOut() {
    return leftOut;
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
    return "ImageDataLoaders: %d to train on, %d to validate with, %d classes, %s each; up to %d MB of memory for decoded images"
        .formatted(train().items(), valid().items(), c(), Shape.of(shape), cacheBytes >> 20);
  }
}
