package org.fastai4j.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoader;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;

/** A copy within the main memory stands for one to a device. */
class BatchesAheadTest {
  private final List<String> log = new ArrayList<>();

  /** Batches of one input 0, 1, 2 and one target -1. */
  private DataLoader<Batch> loader() {
    return DataLoader.of(DataLoader.range(3), 1)
        .map(
            numbers ->
                new Batch(Tensor.of(new long[] {numbers.get(0)}), Tensor.of(new long[] {-1})));
  }

  private BatchesAhead copied(DataLoader<Batch> loader) {
    return BatchesAhead.by(
        loader.pass(0),
        t -> {
          long value = t.itemLong();
          if (value >= 0) {
            log.add("copy " + value);
          }
          return t.copy();
        });
  }

  @Test
  void beginsToCopyABatchWhenTheOneBeforeIsHandedOut() {
    try (BatchesAhead batches = copied(loader())) {
      while (batches.hasNext()) {
        Scope.run(() -> log.add("use " + batches.next().x().itemLong()));
      }
    }
    assertThat(log).containsExactly("copy 0", "copy 1", "use 0", "copy 2", "use 1", "use 2");
  }

  @Test
  void freesABatchWithTheScopeItIsTakenIn() {
    long before = Torch.liveTensors();
    try (BatchesAhead batches = copied(loader())) {
      Scope.run(batches::next);
      assertThat(Torch.liveTensors()).isEqualTo(before + 2); // input and target of the next
      Scope.run(batches::next);
      Scope.run(batches::next);
      assertThat(Torch.liveTensors()).isEqualTo(before);
    }
  }

  @Test
  void freesWhatItBeganWhenItIsClosedEarly() {
    long before = Torch.liveTensors();
    BatchesAhead batches = copied(loader());
    Scope.run(batches::next);
    batches.close();
    assertThat(Torch.liveTensors()).isEqualTo(before);
    assertThat(batches.hasNext()).isFalse();
  }

  @Test
  void freesTheBatchInUseWhenTheNextCannotBeMade() {
    DataLoader<Batch> second =
        loader()
            .map(
                batch -> {
                  if (batch.x().itemLong() == 1) {
                    throw new DataException("no such file");
                  }
                  return batch;
                });
    long before = Torch.liveTensors();
    try (BatchesAhead batches = copied(second)) {
      assertThatThrownBy(() -> Scope.run(batches::next)).hasMessage("no such file");
    }
    assertThat(Torch.liveTensors()).isEqualTo(before);
  }

  @Test
  void handsBatchesOutAsTheyComeOnTheCpu() {
    List<Batch> made = new ArrayList<>();
    DataLoader<Batch> loader =
        loader()
            .map(
                batch -> {
                  made.add(batch);
                  return batch;
                });
    try (BatchesAhead batches = BatchesAhead.of(loader.pass(0), Device.CPU)) {
      Batch first = batches.next();
      assertThat(made).hasSize(1);
      assertThat(first).isSameAs(made.get(0));
    }
  }
}
