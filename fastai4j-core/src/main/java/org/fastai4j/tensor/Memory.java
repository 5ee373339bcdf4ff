package org.fastai4j.tensor;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** The count of live native tensors, and a valve on those that wait for the garbage collector. */
final class Memory {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final LongAdder LIVE = new LongAdder();
  private static final AtomicLong UNSCOPED_BYTES = new AtomicLong();
  private static final long VALVE = 512L << 20;
  private static final AtomicLong NEXT_COLLECTION = new AtomicLong(VALVE);

  private static final int PATIENCE_MILLIS = 20;

  private Memory() {}

  static void born() {
    LIVE.increment();
  }

  static void freed() {
    LIVE.decrement();
  }

  static long live() {
    return LIVE.sum();
  }

  static long unscopedBytes() {
    return UNSCOPED_BYTES.get();
  }

  /** Frees the handle once {@code tensor} is unreachable, or when the result is cleaned. */
  static Cleaner.Cleanable watch(Tensor tensor, org.bytedeco.pytorch.Tensor handle) {
    long bytes = handle.is_view() ? 0 : handle.nbytes();
    Cleaner.Cleanable watched =
        CLEANER.register(
            tensor,
            () -> {
              UNSCOPED_BYTES.addAndGet(-bytes);
              freed();
              handle.close();
            });
    if (UNSCOPED_BYTES.addAndGet(bytes) > NEXT_COLLECTION.get()) {
      collect();
    }
    return watched;
  }

  // The collector has no idea how much memory its small Tensor objects hold: tell it. What it finds
  // is freed by the cleaner's thread, which on a busy machine is slow to begin: go on when it has
  // stood still for a while. What is left is in use, and the next call waits for as much again.
  private static synchronized void collect() {
    if (UNSCOPED_BYTES.get() <= NEXT_COLLECTION.get()) {
      return;
    }
    System.gc();
    long before = UNSCOPED_BYTES.get();
    for (int still = 0; still < PATIENCE_MILLIS; still++) {
      LockSupport.parkNanos(1_000_000);
      long now = UNSCOPED_BYTES.get();
      if (now < before) {
        still = 0;
      }
      before = now;
    }
    NEXT_COLLECTION.set(UNSCOPED_BYTES.get() + VALVE);
  }
}
