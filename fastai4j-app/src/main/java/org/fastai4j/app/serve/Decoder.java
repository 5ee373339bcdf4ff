package org.fastai4j.app.serve;

import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.http.UnprocessableContentResponse;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.fastai4j.data.DataException;
import org.fastai4j.vision.Image;

/**
 * The threads that read uploaded images: few, so that large ones do not fill the memory together.
 *
 * <p>Nobody waits longer than the limits say. An image that is read on past its time keeps its
 * thread until it is done, and no other is begun in its place.
 */
final class Decoder implements AutoCloseable {
  private static final Map<String, String> LATER = Map.of("Retry-After", "1");

  private final Limits limits;
  private final Semaphore free;
  private final ExecutorService threads;

  Decoder(int threads, Limits limits) {
    this.limits = limits;
    free = new Semaphore(threads);
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "image");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * The image that a body gives: what {@code body} returns reads it, on another thread. Neither is
   * done before a thread is free.
   *
   * @throws ServiceUnavailableResponse if no thread is free in time
   * @throws UnprocessableContentResponse if it is no image, or takes too long to read
   */
  Image read(Supplier<Supplier<Image>> body) throws InterruptedException {
    if (!free.tryAcquire(limits.answer().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new ServiceUnavailableResponse("too many images are read at once", LATER);
    }
    FutureTask<Image> task;
    try {
      task = new FutureTask<>(body.get()::get);
    } catch (RuntimeException | Error e) {
      free.release();
      throw e;
    }
    threads.execute(
        () -> {
          task.run(); // keeps what is thrown
          free.release();
        });
    try {
      return task.get(limits.decode().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new UnprocessableContentResponse(
          "the image takes too long to read; make it smaller, or save it as PNG or JPEG");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DataException wrong) {
        throw new UnprocessableContentResponse(String.valueOf(wrong.getMessage()));
      }
      throw new IllegalStateException("the image cannot be read", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
