package org.fastai4j.vision;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Something done for each of a row of numbers by however many threads take part.
 *
 * <p>Blocks are handed out in order and every thread finishes what lies before the first failure
 * known, so the failure reported is the first of the row, however the threads ran.
 */
final class Work {
  /** Numbers a thread takes at a time. */
  private static final int BLOCK = 8;

  private final int size;
  private final IntConsumer body;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch blocks;
  private volatile int failedAt = Integer.MAX_VALUE;
  private @Nullable Throwable failure;

  Work(int size, IntConsumer body) {
    this.size = size;
    this.body = body;
    blocks = new CountDownLatch((size + BLOCK - 1) / BLOCK);
  }

  /** A pool of daemon threads, which end when there is nothing to do. */
  static ThreadPoolExecutor pool(int threads) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            2,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            job -> {
              Thread thread = new Thread(job, "fastai4j-images-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Lets the pool's threads begin; a single item waits for {@link #join}. */
  Work begin(ThreadPoolExecutor pool) {
    if (size > 1) {
      for (int i = 0; i < Math.min(pool.getCorePoolSize(), blocks.getCount()); i++) {
        pool.execute(this::run);
      }
    }
    return this;
  }

  private void run() {
    int start;
    while ((start = next.getAndAdd(BLOCK)) < size) {
      int end = Math.min(start + BLOCK, size);
      for (int i = start; i < end && i <= failedAt; i++) {
        try {
          body.accept(i);
        } catch (RuntimeException | Error e) {
          fail(i, e);
        }
      }
      blocks.countDown();
    }
  }

  /**
   * Takes part until all is done, interrupted or not (the others write to memory that the caller
   * may use again), and throws the first failure.
   */
  void join() {
    run();
    boolean interrupted = false;
    while (true) {
      try {
        blocks.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = failure();
    if (thrown instanceof Error e) {
      throw e;
    } else if (thrown != null) {
      throw (RuntimeException) thrown;
    }
  }

  private synchronized void fail(int i, Throwable e) {
    if (i < failedAt) {
      failedAt = i;
      failure = e;
    }
  }

  private synchronized @Nullable Throwable failure() {
    return failure;
  }
}
