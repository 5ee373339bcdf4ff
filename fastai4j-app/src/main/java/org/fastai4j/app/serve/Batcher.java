package org.fastai4j.app.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageClassifier.Prediction;

/**
 * A thread that predicts for all: what came while the net was busy goes through it together.
 *
 * <p>A lone image never waits for others to come.
 */
final class Batcher implements AutoCloseable {
  private static final int LARGEST = 64;

  private final ImageClassifier model;
  private final IntConsumer batchSizes;
  private final BlockingQueue<Job> queue;
  private final Thread worker = new Thread(this::work, "predictions");

  private record Job(Image image, CompletableFuture<Prediction> answer) {}

  /** Predicts with {@code model}, and tells the size of each batch. */
  Batcher(ImageClassifier model, int waiting, IntConsumer batchSizes) {
    this.model = model;
    this.batchSizes = batchSizes;
    queue = new ArrayBlockingQueue<>(waiting);
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * Asks for the prediction of an image that {@code ImageInput.prepare} returned.
   *
   * @throws QueueFullException if too many wait already
   */
  CompletableFuture<Prediction> predict(Image prepared) {
    var answer = new CompletableFuture<Prediction>();
    if (!queue.offer(new Job(prepared, answer))) {
      throw new QueueFullException();
    }
    return answer;
  }

  int waiting() {
    return queue.size();
  }

  private void work() {
    List<Job> jobs = new ArrayList<>();
    try {
      while (true) {
        jobs.add(queue.take());
        queue.drainTo(jobs, LARGEST - 1);
        jobs.removeIf(job -> job.answer().isDone()); // nobody waits for it any more
        if (!jobs.isEmpty()) {
          answer(jobs);
        }
        jobs.clear();
      }
    } catch (InterruptedException e) {
      queue.forEach(job -> job.answer().cancel(false));
    }
  }

  private void answer(List<Job> jobs) {
    batchSizes.accept(jobs.size());
    try {
      List<Prediction> all = model.predictPrepared(jobs.stream().map(Job::image).toList());
      for (int i = 0; i < jobs.size(); i++) {
        jobs.get(i).answer().complete(all.get(i));
      }
    } catch (RuntimeException | Error e) {
      jobs.forEach(job -> job.answer().completeExceptionally(e));
    }
  }

  @Override
  public void close() {
    worker.interrupt();
  }

  /** Thrown when no more images may wait. */
  static final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    QueueFullException() {
      super("too many images wait already", null, false, false);
    }
  }
}
