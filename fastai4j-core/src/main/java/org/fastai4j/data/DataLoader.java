package org.fastai4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * Mini-batches of anything: a collection, or the rows of tensors.
 *
 * <pre>{@code
 * for (List<Integer> batch : DataLoader.of(range(15), 5).shuffle()) { ... } // three of five
 * DataLoader.of(range(15), 5).map(Tensor::of) // int64 tensors of five, as fastai's
 * DataLoader.of(dataset, 256).forEach((xb, yb) -> ...);
 * }</pre>
 *
 * <p>The last batch may be smaller, unless {@link #dropLast()}. Without a seed the order of a
 * shuffle is drawn from the engine's generator ({@code Torch.manualSeed}), anew for each pass, as
 * fastai's.
 *
 * @param <B> what a batch is: {@link Batch} over tensors, a list over a collection
 */
public final class DataLoader<B> implements Iterable<B> {
  private static final long PARALLEL_GATHER_BYTES = 8L << 20;

  private final Function<long[], B> collate;
  private final long source;
  private final int batchSize;
  private final Order order;
  private final boolean dropLast;

  /** Which items come in one pass, and in which order. */
  private interface Order {
    long[] next(long source);

    /** How many of them there are. */
    default long items(long source) {
      return source;
    }
  }

  private DataLoader(
      Function<long[], B> collate, long source, int batchSize, Order order, boolean dropLast) {
    if (batchSize < 1) {
      throw new DataException("a batch size of " + batchSize + "; use 1 or more");
    }
    this.collate = collate;
    this.source = source;
    this.batchSize = batchSize;
    this.order = order;
    this.dropLast = dropLast;
  }

  /**
   * Batches of rows of the data set, in order. A batch of rows that follow each other is a view of
   * the data set's tensors, so it must not be changed in place.
   */
  public static DataLoader<Batch> of(TensorDataset dataset, int batchSize) {
    return new DataLoader<>(
        rows -> {
          if (isRun(rows)) { // a view, no copy
            return new Batch(
                dataset.x().narrow(0, rows[0], rows.length),
                dataset.y().narrow(0, rows[0], rows.length));
          }
          return gather(dataset, Tensor.of(rows));
        },
        dataset.size(),
        batchSize,
        DataLoader::inOrder,
        false);
  }

  private static Batch gather(TensorDataset dataset, Tensor rows) {
    long bytes =
        dataset.x().numel() / dataset.size() * rows.numel() * dataset.x().dtype().itemSize();
    if (bytes > PARALLEL_GATHER_BYTES) {
      return new Batch(dataset.x().indexSelect(0, rows), dataset.y().indexSelect(0, rows));
    }
    return Torch.withNumThreads(
        1, () -> new Batch(dataset.x().indexSelect(0, rows), dataset.y().indexSelect(0, rows)));
  }

  /** Lists of items of a collection or any iterable, in order; it is read once, now. */
  public static <T> DataLoader<List<T>> of(Iterable<T> items, int batchSize) {
    List<T> all = new ArrayList<>();
    if (items instanceof Collection<T> collection) {
      all.addAll(collection);
    } else {
      items.forEach(all::add);
    }
    return new DataLoader<>(
        rows -> {
          List<T> batch = new ArrayList<>(rows.length);
          for (long r : rows) {
            batch.add(all.get((int) r));
          }
          return batch;
        },
        all.size(),
        batchSize,
        DataLoader::inOrder,
        false);
  }

  /** The whole numbers below {@code end}, as Python's {@code range}. */
  public static List<Integer> range(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  /** The same items in a new random order at each pass. */
  public DataLoader<B> shuffle() {
    return new DataLoader<>(
        collate,
        source,
        batchSize,
        n -> Scope.compute(() -> Tensor.randperm(n).toLongArray()),
        dropLast);
  }

  /** As {@link #shuffle()}, with orders that depend on {@code seed} and the pass alone. */
  public DataLoader<B> shuffle(long seed) {
    return new DataLoader<>(collate, source, batchSize, new SeededOrder(seed), dropLast);
  }

  /**
   * The items of these numbers, in this order, at every pass; with several orders, one after the
   * other at each pass and then from the first again. For repeating a run exactly, or for a part of
   * the items.
   */
  public DataLoader<B> inOrder(long[]... orders) {
    return new DataLoader<>(collate, source, batchSize, new GivenOrders(source, orders), dropLast);
  }

  /** Without the last batch if it is smaller than the others. */
  public DataLoader<B> dropLast() {
    return new DataLoader<>(collate, source, batchSize, order, true);
  }

  /** The same batches, each passed through {@code f}: collation, a transform. */
  public <C> DataLoader<C> map(Function<? super B, ? extends C> f) {
    return new DataLoader<>(
        rows -> f.apply(collate.apply(rows)), source, batchSize, order, dropLast);
  }

  /** The number of batches of one pass. */
  public int size() {
    long items = items();
    return (int) (dropLast ? items / batchSize : (items + batchSize - 1) / batchSize);
  }

  /** The number of items of one pass. */
  public long items() {
    return order.items(source);
  }

  /** The number of items of a full batch. */
  public int batchSize() {
    return batchSize;
  }

  /** The first batch. */
  public B oneBatch() {
    if (size() == 0) {
      throw new DataException(
          "no batch: one pass has " + items() + " items, a batch takes " + batchSize);
    }
    return iterator().next();
  }

  /**
   * Calls {@code body} with every batch; tensors made for it or in it are freed when it returns.
   */
  @Override
  public void forEach(Consumer<? super B> body) {
    Iterator<B> batches = iterator();
    while (batches.hasNext()) {
      Scope.run(() -> body.accept(batches.next()));
    }
  }

  /**
   * Calls {@code body} with inputs and targets of every {@link Batch}, as {@link
   * #forEach(Consumer)}.
   */
  public void forEach(BiConsumer<Tensor, Tensor> body) {
    forEach(
        b -> {
          if (!(b instanceof Batch batch)) {
            throw new DataException(
                "these batches are not inputs and targets; use forEach(batch -> ...), or map them"
                    + " to a Batch first");
          }
          body.accept(batch.x(), batch.y());
        });
  }

  /** One pass; a shuffle draws its order now. */
  @Override
  public Iterator<B> iterator() {
    long[] rows = order.next(source);
    int batches = size();
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < batches;
      }

      @Override
      public B next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the pass has only " + batches + " batches");
        }
        int from = next++ * batchSize;
        int to = (int) Math.min(rows.length, (long) from + batchSize);
        return collate.apply(Arrays.copyOfRange(rows, from, to));
      }
    };
  }

  private static long[] inOrder(long items) {
    long[] rows = new long[(int) items];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    return rows;
  }

  private static boolean isRun(long[] rows) {
    for (int i = 1; i < rows.length; i++) {
      if (rows[i] != rows[i - 1] + 1) {
        return false;
      }
    }
    return true;
  }

  /** Orders that are given, in turn. */
  private static final class GivenOrders implements Order {
    private final long[][] orders;
    private int pass;

    GivenOrders(long source, long[][] orders) {
      if (orders.length == 0) {
        throw new DataException("inOrder: no order given");
      }
      this.orders = new long[orders.length][];
      for (int i = 0; i < orders.length; i++) {
        this.orders[i] = orders[i].clone();
        if (orders[i].length != orders[0].length) {
          throw new DataException(
              "inOrder: order %d has %d items, order 0 has %d; a pass has the same number each time"
                  .formatted(i, orders[i].length, orders[0].length));
        }
        for (long item : orders[i]) {
          if (item < 0 || item >= source) {
            throw new DataException(
                "inOrder: there is no item %d; they are numbered 0 to %d"
                    .formatted(item, source - 1));
          }
        }
      }
    }

    @Override
    public synchronized long[] next(long source) {
      return orders[pass++ % orders.length];
    }

    @Override
    public long items(long source) {
      return orders[0].length;
    }
  }

  /** Fisher and Yates' shuffle by a generator that is seeded once. */
  private static final class SeededOrder implements Order {
    private final SplittableRandom random;

    SeededOrder(long seed) {
      random = new SplittableRandom(seed);
    }

    @Override
    public synchronized long[] next(long items) {
      long[] rows = inOrder(items);
      for (int i = rows.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        long r = rows[i];
        rows[i] = rows[j];
        rows[j] = r;
      }
      return rows;
    }
  }
}
