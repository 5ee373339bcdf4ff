package org.fastai4j.data;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes what comes out of an archive, small files on threads of its own, for making a file takes
 * longer than filling it. What cannot be written becomes a {@link DataException}; an {@link
 * IOException} is left to mean that the archive could not be read.
 */
final class FileWriter implements AutoCloseable {
  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  private static final Action NONE = () -> {};

  private final Path archive;
  private final Path folder;
  private volatile Action failure = NONE;
  private final ThreadPoolExecutor pool;

  FileWriter(Path archive, Path folder) {
    this.archive = archive;
    this.folder = folder;
    int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(256),
            task -> {
              var thread = new Thread(task, "fastai4j-unpack");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Writes a new file now or soon; its failure may show at a later call. */
  void write(Path file, byte[] content) throws IOException {
    failure.run();
    pool.execute(
        () -> {
          try {
            checked(() -> Files.write(file, content, StandardOpenOption.CREATE_NEW));
          } catch (IOException | RuntimeException | Error e) {
            failure =
                () -> {
                  throw e;
                };
          }
        });
  }

  /** A stream into a new file. */
  OutputStream open(Path file) throws IOException {
    OutputStream[] out = new OutputStream[1];
    checked(() -> out[0] = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
    return new FilterOutputStream(out[0]) {
      @Override
      public void write(byte[] b, int off, int len) throws IOException {
        checked(() -> out.write(b, off, len));
      }

      @Override
      public void close() throws IOException {
        checked(out::close);
      }
    };
  }

  void makeFolders(Path target) throws IOException {
    checked(() -> Files.createDirectories(target));
  }

  void link(Path link, Path target) throws IOException {
    checked(() -> Files.createSymbolicLink(link, target));
  }

  /** Waits until every file is written. */
  void finish() throws IOException {
    close();
    failure.run();
  }

  /** Waits for the threads, so that nothing is written any more once this has returned. */
  @Override
  public void close() {
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void checked(Action action) throws IOException {
    try {
      action.run();
    } catch (FileAlreadyExistsException e) {
      Path name = folder.relativize(Path.of(e.getFile()));
      throw new DataException(archive + " was not unpacked: it holds " + name + " twice", e);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw Folders.cannotWrite(folder, e);
    }
  }
}
