package org.fastai4j.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock on a file, held against other processes and against other threads of this one.
 *
 * <p>The file stays: to delete it would let a third process in beside one that still waits.
 */
final class CacheLock implements AutoCloseable {
  /** A file lock is the whole process's, so its threads must take turns first. */
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;

  private CacheLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /** Takes the lock; calls {@code onWait} once if somebody else has it. */
  @SuppressWarnings("LockNotBeforeTry") // close() unlocks
  static CacheLock take(Path file, Runnable onWait) {
    ReentrantLock threads;
    boolean waited = false;
    try {
      Path parent = file.toAbsolutePath().getParent();
      Path key = parent == null ? file : parent.toRealPath().resolve(file.getFileName());
      threads = THREADS.computeIfAbsent(key, k -> new ReentrantLock());
      if (!threads.tryLock()) {
        waited = true;
        onWait.run();
        threads.lockInterruptibly();
      }
    } catch (InterruptedException e) {
      throw interrupted(file, e);
    } catch (IOException e) {
      throw Folders.cannotWrite(file, e);
    }
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          if (!waited) {
            onWait.run();
          }
          channel.lock();
        }
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      return new CacheLock(threads, channel);
    } catch (FileLockInterruptionException e) {
      threads.unlock();
      throw interrupted(file, e);
    } catch (IOException e) {
      threads.unlock();
      throw Folders.cannotWrite(file, e);
    } catch (RuntimeException e) {
      threads.unlock();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DataException("cannot release a lock: " + e.getMessage(), e);
    } finally {
      threads.unlock();
    }
  }

  private static DataException interrupted(Path file, Exception e) {
    Thread.currentThread().interrupt();
    return new DataException("interrupted while waiting for " + file, e);
  }
}
