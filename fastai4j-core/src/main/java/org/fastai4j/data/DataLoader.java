package org.fastai4j.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

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
  private final BatchSource<B> batches;
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

    /** What batches that are drawn at random draw from in the pass that {@link #next} began. */
    default long seed() {
      return Scope.compute(() -> Tensor.randint(0, Long.MAX_VALUE, 1).itemLong());
    }

    /** The number of the next pass, where the order depends on it. */
    default long pass() {
      return 0;
    }

    /** Goes on with pass number {@code pass}. */
    default void startAtPass(long pass) {}
  }

  private DataLoader(BatchSource<B> batches, int batchSize, Order order, boolean dropLast) {
    if (batchSize < 1) {
      throw new DataException("a batch size of " + batchSize + "; use 1 or more");
    }
    this.batches = batches;
    this.source = batches.size();
    this.batchSize = batchSize;
    this.order = order;
    this.dropLast = dropLast;
  }

  /**
   * Batches of rows of the data set, in order. A batch of rows that follow each other is a view of
   * the data set's tensors, so it must not be changed in place.
   */
  public static DataLoader<Batch> of(TensorDataset dataset, int batchSize) {
    return of(new RowSource(dataset), batchSize);
  }

  /** Lists of items of a collection or any iterable, in order; it is read once, now. */
  public static <T> DataLoader<List<T>> of(Iterable<T> items, int batchSize) {
    List<T> all = new ArrayList<>();
    if (items instanceof Collection<T> collection) {
      all.addAll(collection);
    } else {
      items.forEach(all::add);
    }
    return ofRows(
        rows -> {
          List<T> batch = new ArrayList<>(rows.length);
          for (long r : rows) {
            batch.add(all.get((int) r));
          }
          return batch;
        },
        all.size(),
        batchSize);
  }

  /** Batches of what can begin them ahead of their turn, in order. */
  public static <B> DataLoader<B> of(BatchSource<B> source, int batchSize) {
    return new DataLoader<>(source, batchSize, DataLoader::inOrder, false);
  }

  private static <B> DataLoader<B> ofRows(Function<long[], B> collate, long size, int batchSize) {
    return of(
        new BatchSource<>() {
          @Override
          public long size() {
            return size;
          }

          @Override
          public Supplier<B> begin(long[] items) {
            return () -> collate.apply(items);
          }
        },
        batchSize);
  }

  /** The whole numbers below {@code end}, as Python's {@code range}. */
  public static List<Integer> range(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  /** The same items in a new random order at each pass. */
  public DataLoader<B> shuffle() {
    return new DataLoader<>(
        batches, batchSize, n -> Scope.compute(() -> Tensor.randperm(n).toLongArray()), dropLast);
  }

  /** As {@link #shuffle()}, with orders that depend on {@code seed} and the pass alone. */
  public DataLoader<B> shuffle(long seed) {
    return new DataLoader<>(batches, batchSize, new SeededOrder(seed), dropLast);
  }

  /**
   * The items of these numbers, in this order, at every pass; with several orders, one after the
   * other at each pass and then from the first again. For repeating a run exactly, or for a part of
   * the items.
   */
  public DataLoader<B> inOrder(long[]... orders) {
    return new DataLoader<>(batches, batchSize, new GivenOrders(source, orders), dropLast);
  }

  /** Without the last batch if it is smaller than the others. */
  public DataLoader<B> dropLast() {
    return new DataLoader<>(batches, batchSize, order, true);
  }

  /** The same batches, each passed through {@code f}: collation, a transform. */
  public <C> DataLoader<C> map(Function<? super B, ? extends C> f) {
    BatchSource<C> mapped =
        new BatchSource<>() {
          @Override
          public long size() {
            return batches.size();
          }

          @Override
          public Supplier<C> begin(long[] items) {
            Supplier<B> begun = batches.begin(items);
            return () -> f.apply(begun.get());
          }

          @Override
          public Supplier<C> begin(long[] items, long seed) {
            Supplier<B> begun = batches.begin(items, seed);
            return () -> f.apply(begun.get());
          }

          @Override
          public boolean isRandom() {
            return batches.isRandom();
          }

          @Override
          public int ahead(int batchSize) {
            return batches.ahead(batchSize);
          }
        };
    return new DataLoader<>(mapped, batchSize, order, dropLast);
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
    return pass(1, 0).next();
  }

  /**
   * Calls {@code body} with every batch; tensors made for it or in it are freed when it returns.
   */
  @Override
  public void forEach(Consumer<? super B> body) {
    try (Pass<B> batches = pass(0)) {
      while (batches.hasNext()) {
        Scope.run(() -> body.accept(batches.next()));
      }
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
    return pass(0);
  }

  /**
   * One pass without its first {@code skip} batches, which are not made; a shuffle draws its order
   * now, that of all of them, and so is the seed drawn that random changes to the items follow.
   */
  public Pass<B> pass(int skip) {
    return pass(size(), skip);
  }

  private Pass<B> pass(int batchCount, int skip) {
    long[] rows = order.next(source);
    long seed = batches.isRandom() ? order.seed() : 0;
    return new Pass<>(batches, rows, seed, batchSize, batchCount, skip);
  }

  /** The number of the next pass, for loaders that shuffle with a seed of their own; else 0. */
  public long pass() {
    return order.pass();
  }

  /** Goes on as if {@code pass} passes had been made, where the order depends on that. */
  public void startAtPass(long pass) {
    order.startAtPass(pass);
  }

  /**
   * The batches of one pass.
   *
   * @param <B> what a batch is
   */
  public static final class Pass<B> implements Iterator<B>, AutoCloseable {
    private final BatchSource<B> source;
    private final long[] rows;
    private final long seed;
    private final int batchSize;
    private final int batches;
    private final int ahead;
    private final Deque<Supplier<B>> begun = new ArrayDeque<>();
    private int nextToBegin;
    private int next;

    private Pass(
        BatchSource<B> source, long[] rows, long seed, int batchSize, int batches, int skip) {
      this.source = source;
      this.rows = rows;
      this.seed = seed;
      this.batchSize = batchSize;
      this.batches = batches;
      ahead = source.ahead(batchSize);
      nextToBegin = skip;
      next = skip;
    }

    @Override
    public boolean hasNext() {
      return next < batches;
    }

    @Override
    public B next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the pass has only " + batches + " batches");
      }
      // Several at a time, since waking a thread costs as much as a small operation.
      int most = begun.size() <= (ahead + 1) / 2 ? ahead : 0;
      while (nextToBegin < batches && begun.size() <= most) {
        int number = nextToBegin++;
        int from = number * batchSize;
        int to = (int) Math.min(rows.length, (long) from + batchSize);
        begun.add(source.begin(Arrays.copyOfRange(rows, from, to), mixed(seed, number)));
      }
      next++;
      return begun.remove().get();
    }

    /** Ends the pass. */
    @Override
    public void close() {
      next = batches;
      begun.clear();
    }
  }

  /** A seed for each number; those of neighbors have nothing in common. */
  private static long mixed(long seed, long number) {
    return new SplittableRandom(seed + 0x9E3779B97F4A7C15L * number).nextLong();
  }

  private static long[] inOrder(long items) {
    long[] rows = new long[(int) items];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    return rows;
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

    @Override
    public synchronized long pass() {
      return pass;
    }

    @Override
    public synchronized void startAtPass(long pass) {
      this.pass = (int) pass;
    }
  }

  /** Fisher and Yates' shuffle by a generator that is seeded with the seed and the pass. */
  private static final class SeededOrder implements Order {
    private final long seed;
    private long pass;

    SeededOrder(long seed) {
      this.seed = seed;
    }

    @Override
    public synchronized long[] next(long items) {
      SplittableRandom random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * pass++);
      long[] rows = inOrder(items);
      for (int i = rows.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        long r = rows[i];
        rows[i] = rows[j];
        rows[j] = r;
      }
      return rows;
    }

    @Override
    public synchronized long seed() {
      return mixed(~seed, pass);
    }

    @Override
    public synchronized long pass() {
      return pass;
    }

    @Override
    public synchronized void startAtPass(long pass) {
      this.pass = pass;
    }
  }
}
