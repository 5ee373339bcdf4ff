package org.fastai4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * Divided and labelled items: what a {@link DataBlock} makes of its source before there are
 * batches.
 *
 * @param <I> an item
 * @param <X> an input
 * @param <Y> a label
 */
public final class Datasets<I, X, Y> {
  private final Function<? super I, ? extends X> getX;
  private final Function<? super I, ? extends Y> getY;
  private final Targets<Y> targets;
  private final List<I> trainItems;
  private final Subset<X> train;
  private final Subset<X> valid;

  /**
   * Inputs and their targets.
   *
   * @param targets a row for each input; empty if they have none
   */
  public record Subset<X>(List<X> inputs, Optional<Tensor> targets) {}

  Datasets(
      List<I> train,
      List<I> valid,
      Function<? super I, ? extends X> getX,
      Function<? super I, ? extends Y> getY,
      TargetBlock<Y> block) {
    this.getX = getX;
    this.getY = getY;
    trainItems = train;
    List<Y> labels = each(train, getY);
    targets = block.setup(labels);
    this.train = new Subset<>(each(train, getX), Optional.of(encode(train, labels)));
    this.valid = new Subset<>(each(valid, getX), Optional.of(encode(valid, each(valid, getY))));
  }

  private static <I, T> List<T> each(List<? extends I> items, Function<? super I, ? extends T> f) {
    List<T> out = new ArrayList<>(items.size());
    items.forEach(item -> out.add(f.apply(item)));
    return out;
  }

  private Tensor encode(List<I> items, List<Y> labels) {
    try {
      return targets.encode(labels);
    } catch (DataException e) {
      for (int i = 0; i < labels.size(); i++) { // which one is it?
        List<Y> one = labels.subList(i, i + 1);
        try {
          Scope.run(() -> targets.encode(one));
        } catch (DataException cause) {
          throw new DataException(items.get(i) + ": " + cause.getMessage(), cause);
        }
      }
      throw e;
    }
  }

  /** What is trained on. */
  public Subset<X> train() {
    return train;
  }

  /** What is validated with. */
  public Subset<X> valid() {
    return valid;
  }

  /** How labels became targets. */
  public Targets<Y> targets() {
    return targets;
  }

  /** The items that are trained on. */
  public List<I> trainItems() {
    return List.copyOf(trainItems);
  }

  /** Further items, without targets: their inputs. What is no item is taken for an input. */
  public Subset<Object> test(List<?> items) {
    return new Subset<>(each(items, this::input), Optional.empty());
  }

  /** Further items, with targets. */
  @SuppressWarnings("unchecked")
  public Subset<Object> labelledTest(List<?> items) {
    try {
      List<I> known = (List<I>) items;
      Tensor y = encode(known, each(known, getY));
      return new Subset<>(each(items, this::input), Optional.of(y));
    } catch (ClassCastException e) {
      throw new DataException(
          "these items have no labels that getY can get; give items such as "
              + trainItems.get(0)
              + ", or leave the labels out",
          e);
    }
  }

  @SuppressWarnings("unchecked")
  private Object input(Object item) {
    try {
      return getX.apply((I) item);
    } catch (ClassCastException e) { // an input already
      return item;
    }
  }
}
