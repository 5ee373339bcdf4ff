package org.fastai4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * A way to divide items into those to train on and those to validate with; any lambda is one.
 *
 * <pre>{@code
 * Splitter.random(0.2, 42).split(DataLoader.range(10)).valid() // [2, 6]
 * }</pre>
 *
 * @param <I> an item
 */
@FunctionalInterface
public interface Splitter<I> {
  /** Divides these items, in the order they are listed in. */
  Split split(List<? extends I> items);

  /**
   * The first {@code ⌊validPct n⌋} of a random order validate, the rest trains; the order is drawn
   * from the engine's generator. fastai's {@code RandomSplitter}.
   */
  static Splitter<Object> random(double validPct) {
    share("validPct", validPct);
    return items -> cut(order(() -> Tensor.randperm(items.size())), validPct);
  }

  /**
   * As {@link #random(double)}, by the order that follows from {@code seed}: fastai's for the same
   * seed. The engine's generator stays as it is, where fastai seeds it.
   */
  static Splitter<Object> random(double validPct, long seed) {
    share("validPct", validPct);
    return items -> cut(order(() -> Tensor.randperm(items.size(), seed)), validPct);
  }

  /**
   * Of a random order the first share {@code trainSz} trains, the next {@code validSz} validates,
   * the rest is left out. fastai's {@code RandomSubsetSplitter}.
   */
  static Splitter<Object> randomSubset(double trainSz, double validSz, long seed) {
    share("trainSz", trainSz);
    share("validSz", validSz);
    if (trainSz + validSz > 1) {
      throw new DataException(
          "randomSubset: %s to train on and %s to validate with are more than all there are"
              .formatted(trainSz, validSz));
    }
    return items -> {
      List<Integer> order = order(() -> Tensor.randperm(items.size(), seed));
      int first = (int) (trainSz * order.size());
      int second = Math.min(order.size(), first + (int) (validSz * order.size()));
      return new Split(order.subList(0, first), order.subList(first, second));
    };
  }

  private static void share(String name, double share) {
    if (!(share > 0 && share < 1)) {
      throw new DataException(
          "%s: %s; it lies between 0 and 1, such as 0.2".formatted(name, share));
    }
  }

  private static Split cut(List<Integer> order, double validPct) {
    int first = (int) (validPct * order.size());
    return new Split(order.subList(first, order.size()), order.subList(0, first));
  }

  private static List<Integer> order(Supplier<Tensor> drawn) {
    return LongStream.of(Scope.compute(() -> drawn.get().toLongArray()))
        .mapToObj(Math::toIntExact)
        .toList();
  }

  /** The items of these numbers validate; fastai's {@code IndexSplitter}. An empty list: none. */
  static Splitter<Object> index(Collection<Integer> valid) {
    return items -> {
      BitSet chosen = new BitSet();
      for (int i : valid) {
        if (i < 0 || i >= items.size()) {
          throw new DataException(
              "index: there is no item %d; the %d are numbered from 0".formatted(i, items.size()));
        }
        chosen.set(i);
      }
      return new Split(numbers(items, i -> !chosen.get(i)), List.copyOf(valid));
    };
  }

  /** The last {@code ⌊validPct n⌋} validate; fastai's {@code EndSplitter}. */
  static Splitter<Object> end(double validPct) {
    share("validPct", validPct);
    return items -> {
      int first = items.size() - (int) (validPct * items.size());
      return by(items, i -> i >= first);
    };
  }

  /** The first {@code ⌊validPct n⌋} validate; fastai's {@code EndSplitter(valid_last=False)}. */
  static Splitter<Object> start(double validPct) {
    share("validPct", validPct);
    return items -> {
      int first = (int) (validPct * items.size());
      return by(items, i -> i < first);
    };
  }

  /** The items that the predicate holds for validate; fastai's {@code FuncSplitter}. */
  static <I> Splitter<I> function(Predicate<? super I> valid) {
    return items -> by(items, i -> valid.test(items.get(i)));
  }

  /** The items whose place in the mask is true validate; fastai's {@code MaskSplitter}. */
  static Splitter<Object> mask(boolean... valid) {
    return items -> {
      if (valid.length != items.size()) {
        throw new DataException(
            "mask: %d places for %d items; give one for each"
                .formatted(valid.length, items.size()));
      }
      return by(items, i -> valid[i]);
    };
  }

  /** The files whose names are lines of {@code list} validate; fastai's {@code FileSplitter}. */
  static Splitter<Path> file(Path list) {
    Set<String> names;
    try {
      names = new HashSet<>(Files.readAllLines(list));
    } catch (IOException e) {
      throw new DataException("file: cannot read the names in " + list + ": " + e, e);
    }
    return function(file -> names.contains(String.valueOf(file.getFileName())));
  }

  /** {@link #grandparent(String, String)} with {@code train} and {@code valid}. */
  static Splitter<Path> grandparent() {
    return grandparent("train", "valid");
  }

  /**
   * Files divided by the name of the folder that their folder lies in; those of neither name are
   * left out. fastai's {@code GrandparentSplitter}.
   *
   * @throws DataException if there are none of one of the names
   */
  static Splitter<Path> grandparent(String train, String valid) {
    return items -> {
      Split split =
          new Split(
              numbers(items, i -> grandparent(items.get(i)).equals(train)),
              numbers(items, i -> grandparent(items.get(i)).equals(valid)));
      if (!items.isEmpty() && (split.train().isEmpty() || split.valid().isEmpty())) {
        throw new DataException(
            ("grandparent: %d files lie in folders of '%s' and %d in folders of '%s', of %d in all;"
                    + " the first is %s: name the folders that there are")
                .formatted(
                    split.train().size(),
                    train,
                    split.valid().size(),
                    valid,
                    items.size(),
                    items.get(0)));
      }
      return split;
    };
  }

  private static String grandparent(Path file) {
    return Optional.ofNullable(file.getParent())
        .map(Path::getParent)
        .map(Path::getFileName)
        .map(Path::toString)
        .orElse("");
  }

  /**
   * Rows whose value in {@code column} is true validate: {@code true}, a number other than 0, or
   * the text {@code true} or {@code 1}. fastai's {@code ColSplitter}.
   */
  static Splitter<Row> column(String column) {
    return function(row -> isTrue(row.get(column)));
  }

  /** Rows with one of these values in {@code column} validate. */
  static Splitter<Row> column(String column, Collection<?> values) {
    return function(row -> values.contains(row.get(column)));
  }

  private static boolean isTrue(Object value) {
    if (value instanceof Boolean b) {
      return b;
    }
    if (value instanceof Number n) {
      return n.doubleValue() != 0;
    }
    String text = value.toString().strip();
    return text.equalsIgnoreCase("true") || text.equals("1");
  }

  private static Split by(List<?> items, IntPredicate valid) {
    return new Split(numbers(items, valid.negate()), numbers(items, valid));
  }

  private static List<Integer> numbers(List<?> items, IntPredicate wanted) {
    return new ArrayList<>(IntStream.range(0, items.size()).filter(wanted).boxed().toList());
  }
}
