package org.fastai4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.fastai4j.tensor.Scope;

/**
 * A recipe from a source of items to batches, fastai's {@code DataBlock}: what inputs and targets
 * are, how items are found, divided and labelled.
 *
 * <pre>{@code
 * var dls = DataBlock.of(new ImageBlock(), new CategoryBlock())
 *     .getItems(ItemPaths::getImageFiles)
 *     .splitter(Splitter.random(0.2, 42))
 *     .getY(ItemPaths::parentLabel)
 *     .options(o -> o.size(128))
 *     .dataloaders(path);
 * }</pre>
 *
 * <p>Immutable: each method gives a changed block. What fastai gives as {@code item_tfms} and
 * {@code batch_tfms} are options here, since their kind depends on that of the inputs.
 *
 * @param <I> an item, what {@code getItems} lists
 * @param <X> an input, what {@code getX} makes of an item
 * @param <Y> a label, what {@code getY} makes of an item
 * @param <O> the options of the batches
 * @param <D> what makes the batches
 */
public final class DataBlock<I, X, Y, O, D extends DataLoaders> {
  private final InputBlock<X, O, D> input;
  private final TargetBlock<Y> target;
  private final Function<Path, ? extends List<? extends I>> getItems;
  private final Splitter<? super I> splitter;
  private final Function<? super I, ? extends X> getX;
  private final Function<? super I, ? extends Y> getY;
  private final UnaryOperator<O> options;

  private DataBlock(
      InputBlock<X, O, D> input,
      TargetBlock<Y> target,
      Function<Path, ? extends List<? extends I>> getItems,
      Splitter<? super I> splitter,
      Function<? super I, ? extends X> getX,
      Function<? super I, ? extends Y> getY,
      UnaryOperator<O> options) {
    this.input = input;
    this.target = target;
    this.getItems = getItems;
    this.splitter = splitter;
    this.getX = getX;
    this.getY = getY;
    this.options = options;
  }

  /**
   * Items that are inputs themselves, unless there is a {@link #getX}; a fifth of them, drawn at
   * random, validates.
   */
  public static <X, Y, O, D extends DataLoaders> DataBlock<X, X, Y, O, D> of(
      InputBlock<X, O, D> input, TargetBlock<Y> target) {
    return start(input, target, item -> item, o -> o);
  }

  private static <I, X, Y, O, D extends DataLoaders> DataBlock<I, X, Y, O, D> start(
      InputBlock<X, O, D> input,
      TargetBlock<Y> target,
      Function<? super I, ? extends X> getX,
      UnaryOperator<O> options) {
    return new DataBlock<>(
        input,
        target,
        path -> {
          throw missing(
              "getItems", "as getItems(ItemPaths::getImageFiles), after getX if there is one");
        },
        Splitter.random(0.2),
        getX,
        item -> {
          throw missing("getY", "as getY(ItemPaths::parentLabel)");
        },
        options);
  }

  private static DataException missing(String what, String how) {
    return new DataException("the data block has no %s; give one, %s".formatted(what, how));
  }

  /** Finds the items below a path. */
  public DataBlock<I, X, Y, O, D> getItems(Function<Path, ? extends List<? extends I>> f) {
    return new DataBlock<>(input, target, f, splitter, getX, getY, options);
  }

  /** Divides the items. */
  public DataBlock<I, X, Y, O, D> splitter(Splitter<? super I> s) {
    return new DataBlock<>(input, target, getItems, s, getX, getY, options);
  }

  /**
   * Makes an input of an item. It decides what an item is, so it comes before the other methods,
   * and a lambda names the type: {@code getX((Row row) -> ...)}.
   */
  public <J> DataBlock<J, X, Y, O, D> getX(Function<J, ? extends X> f) {
    return start(input, target, f, options);
  }

  /** Makes a label of an item. */
  public DataBlock<I, X, Y, O, D> getY(Function<? super I, ? extends Y> f) {
    return new DataBlock<>(input, target, getItems, splitter, getX, f, options);
  }

  /** Changes the options of the batches: item and batch transforms, batch size, and so on. */
  public DataBlock<I, X, Y, O, D> options(UnaryOperator<O> change) {
    UnaryOperator<O> before = options;
    return new DataBlock<>(
        input, target, getItems, splitter, getX, getY, o -> change.apply(before.apply(o)));
  }

  /** The items below {@code source}, divided and labelled. */
  public Datasets<I, X, Y> datasets(Path source) {
    List<? extends I> items = getItems.apply(source);
    if (items.isEmpty()) {
      throw new DataException("getItems found nothing below " + source);
    }
    return datasets(items);
  }

  /** These items, divided and labelled. */
  public Datasets<I, X, Y> datasets(List<? extends I> items) {
    if (items.isEmpty()) {
      throw new DataException("there are no items to make batches of");
    }
    Split split = splitter.split(items);
    if (split.train().isEmpty()) {
      throw new DataException(
          "the splitter left none of %d items to train on and %d to validate with"
              .formatted(items.size(), split.valid().size()));
    }
    return new Datasets<>(
        chosen(items, split.train()), chosen(items, split.valid()), getX, getY, target);
  }

  private static <I> List<I> chosen(List<? extends I> items, List<Integer> numbers) {
    List<I> out = new ArrayList<>(numbers.size());
    numbers.forEach(i -> out.add(items.get(i)));
    return out;
  }

  /** Batches of the items below {@code source}. */
  public D dataloaders(Path source) {
    return dataloaders(datasets(source));
  }

  /** Batches of these items. */
  public D dataloaders(List<? extends I> items) {
    return dataloaders(datasets(items));
  }

  private D dataloaders(Datasets<I, X, Y> data) {
    return input.dataloaders(data, options.apply(input.options()));
  }

  /**
   * What becomes of the items below {@code source}, in words: how many there are, how they are
   * divided, each step of the first to train on, and a batch. Where the first ones have different
   * shapes, and so make no batch, it says which has which.
   */
  public String summary(Path source) {
    return summary(datasets(source));
  }

  /** As {@link #summary(Path)}, of these items. */
  public String summary(List<? extends I> items) {
    return summary(datasets(items));
  }

  private String summary(Datasets<I, X, Y> data) {
    O chosen = options.apply(input.options());
    return Scope.compute(() -> BlockSummary.of(data, input, chosen, getY));
  }
}
