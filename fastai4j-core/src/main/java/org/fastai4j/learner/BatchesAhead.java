package org.fastai4j.learner;

import java.util.Iterator;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a pass, of which the next is on its way to the model's device while one is in use.
 *
 * <p>For CUDA it is copied from page-locked memory, and nobody waits for the copy but the step that
 * needs it. On the CPU batches are handed out as they come, one by one.
 *
 * <p>A transform that draws from the engine's generator does so a step earlier where batches are
 * moved, and draws other numbers for the first batch after a resume there; what follows from the
 * pass's seed, as all transforms of this library do, is the same.
 */
final class BatchesAhead implements Iterator<Batch>, AutoCloseable {
  private final DataLoader.Pass<Batch> pass;
  private final Optional<UnaryOperator<Tensor>> copy;

  /** In no scope, since that of the batch before ends first. */
  private @Nullable Batch next;

  private BatchesAhead(DataLoader.Pass<Batch> pass, Optional<UnaryOperator<Tensor>> copy) {
    this.pass = pass;
    this.copy = copy;
  }

  /** The batches of {@code pass}, on {@code device}. */
  static BatchesAhead of(DataLoader.Pass<Batch> pass, Device device) {
    return switch (device.type()) {
      case CPU -> new BatchesAhead(pass, Optional.empty());
      case CUDA -> moved(pass, Tensor::pinMemory, device);
      case MPS -> moved(pass, t -> t, device);
    };
  }

  private static BatchesAhead moved(
      DataLoader.Pass<Batch> pass, UnaryOperator<Tensor> prepared, Device device) {
    return by(
        pass,
        t ->
            t.device().equals(device)
                ? t.narrow(0, 0, t.size(0)) // a handle of its own
                : prepared.apply(t).to(device, device.type() == Device.Type.CUDA));
  }

  /** The batches of {@code pass}, whose tensors {@code copy} begins to bring where they go. */
  static BatchesAhead by(DataLoader.Pass<Batch> pass, UnaryOperator<Tensor> copy) {
    return new BatchesAhead(pass, Optional.of(copy));
  }

  @Override
  public boolean hasNext() {
    return next != null || pass.hasNext();
  }

  /** The next batch; it belongs to the scope that is open. */
  @Override
  public Batch next() {
    if (copy.isEmpty()) {
      return pass.next();
    }
    Batch now = next == null ? begun() : next;
    next = null;
    Scope.adopt(now.x());
    Scope.adopt(now.y());
    if (pass.hasNext()) {
      next = begun();
    }
    return now;
  }

  /** A batch on its way; what it is copied from goes with the scope of the batch in use. */
  private Batch begun() {
    Batch from = pass.next();
    Tensor x = copy.orElseThrow().apply(from.x());
    Tensor y = copy.orElseThrow().apply(from.y());
    return new Batch(Scope.keep(x), Scope.keep(y));
  }

  /** Ends the pass, and frees what was begun and not taken. */
  @Override
  public void close() {
    Batch begun = next;
    next = null;
    pass.close();
    if (begun != null) {
      Scope.run(
          () -> {
            Scope.adopt(begun.x());
            Scope.adopt(begun.y());
          });
    }
  }
}
