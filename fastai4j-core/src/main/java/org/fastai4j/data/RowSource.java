package org.fastai4j.data;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * Batches of rows of a data set. Rows that follow each other are a view; others are copied by a
 * thread of its own while those before are in use, or by the thread that takes the batch if that
 * one has not come to it.
 */
final class RowSource implements BatchSource<Batch> {
  /** Copying more than this pays several threads, which the engine has. */
  private static final long LARGE = 8L << 20;

  /**
   * Bytes copied ahead, while batches are small: to wake the copier costs as much as an operation.
   */
  private static final long AHEAD = 16L << 20;

  private static final ThreadPoolExecutor COPIER = copier();

  private final Tensor x;
  private final Tensor y;

  RowSource(TensorDataset dataset) {
    x = dataset.x();
    y = dataset.y();
  }

  @Override
  public long size() {
    return x.size(0);
  }

  @Override
  public int ahead(int batchSize) {
    return (int) Math.max(3, Math.min(15, AHEAD / Math.max(1, bytes(x, batchSize))));
  }

  @Override
  public Supplier<Batch> begin(long[] rows) {
    if (isRun(rows)) {
      return () -> new Batch(run(x, rows), run(y, rows));
    }
    if (!plain(x) || !plain(y) || bytes(x, rows.length) > LARGE) {
      return () -> {
        Tensor numbers = Tensor.of(rows);
        return new Batch(x.indexSelect(0, numbers), y.indexSelect(0, numbers));
      };
    }
    Tensor xb = room(x, rows);
    Tensor yb = room(y, rows);
    FutureTask<Batch> copy =
        new FutureTask<>(() -> new Batch(xb.copyRows_(x, rows), yb.copyRows_(y, rows)));
    COPIER.execute(copy);
    return () -> {
      copy.run(); // does nothing if the copier has begun
      Batch batch = join(copy);
      Scope.adopt(batch.x());
      Scope.adopt(batch.y());
      return batch;
    };
  }

  private static boolean isRun(long[] rows) {
    for (int i = 1; i < rows.length; i++) {
      if (rows[i] != rows[i - 1] + 1) {
        return false;
      }
    }
    return true;
  }

  private static Tensor run(Tensor t, long[] rows) {
    return t.narrow(0, rows[0], rows.length);
  }

  private static boolean plain(Tensor t) {
    return t.isContiguous() && t.device().equals(Device.CPU) && !t.requiresGrad();
  }

  private static long bytes(Tensor t, int rows) {
    return t.size(0) == 0 ? 0 : t.numel() / t.size(0) * rows * t.dtype().itemSize();
  }

  /** Memory for these rows; kept, since the scope of the batch before is open now. */
  private static Tensor room(Tensor t, long[] rows) {
    long[] shape = t.shape().toArray();
    shape[0] = rows.length;
    return Scope.keep(Tensor.empty(t.dtype(), shape));
  }

  /** Waits to the end even when interrupted: the copier writes to the batch. */
  private static Batch join(FutureTask<Batch> copy) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return copy.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new DataException("a batch cannot be copied: " + e.getCause(), e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ThreadPoolExecutor copier() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            2,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            job -> {
              Thread thread = new Thread(job, "fastai4j-rows");
              thread.setDaemon(true);
              return thread;
            });
    one.allowCoreThreadTimeOut(true);
    return one;
  }
}
