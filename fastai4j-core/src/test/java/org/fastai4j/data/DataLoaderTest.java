package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.data.DataLoader.range;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;

class DataLoaderTest {
  private record Digit(String file, int label) {}

  private static <B> List<B> all(DataLoader<B> dl) {
    List<B> out = new ArrayList<>();
    for (B batch : dl) {
      out.add(batch);
    }
    return out;
  }

  private static TensorDataset tenRows() {
    return TensorDataset.of(Tensor.arange(20).view(10, 2), Tensor.arange(10));
  }

  @Test
  void keepsTheLastPartialBatch() {
    DataLoader<List<Integer>> dl = DataLoader.of(range(10), 4);
    assertThat(all(dl)).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9));
    assertThat(dl.size()).isEqualTo(3);
    assertThat(dl.items()).isEqualTo(10);
    assertThat(dl.batchSize()).isEqualTo(4);
  }

  @Test
  void dropsTheLastPartialBatchIfAskedTo() {
    DataLoader<List<Integer>> dl = DataLoader.of(range(10), 4).dropLast();
    assertThat(all(dl)).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7));
    assertThat(dl.size()).isEqualTo(2);
    assertThat(DataLoader.of(range(8), 4).dropLast().size()).isEqualTo(2);
  }

  @Test
  void shufflesEveryItemIntoSomeBatch() {
    DataLoader<List<Integer>> dl = DataLoader.of(range(15), 5).shuffle();
    List<Integer> items = all(dl).stream().flatMap(List::stream).toList();
    assertThat(items).containsExactlyInAnyOrderElementsOf(range(15));
    assertThat(all(dl)).allSatisfy(batch -> assertThat(batch).hasSize(5));
  }

  @Test
  void repeatsASeededShuffleAndDrawsAnotherForTheNextPass() {
    DataLoader<List<Integer>> dl = DataLoader.of(range(100), 50).shuffle(42);
    List<List<Integer>> first = all(dl);
    List<List<Integer>> second = all(dl);
    assertThat(second).isNotEqualTo(first);
    DataLoader<List<Integer>> again = DataLoader.of(range(100), 50).shuffle(42);
    assertThat(all(again)).isEqualTo(first);
    assertThat(all(again)).isEqualTo(second);
    assertThat(all(DataLoader.of(range(100), 50).shuffle(43))).isNotEqualTo(first);
  }

  @Test
  void drawsAShuffleWithoutASeedFromTheEnginesGenerator() {
    DataLoader<List<Integer>> dl = DataLoader.of(range(100), 50).shuffle();
    Torch.manualSeed(7);
    List<List<Integer>> first = all(dl);
    assertThat(all(dl)).isNotEqualTo(first);
    Torch.manualSeed(7);
    assertThat(all(dl)).isEqualTo(first);
  }

  @Test
  void goesThroughGivenOrdersInTurn() {
    DataLoader<List<Integer>> dl =
        DataLoader.of(range(5), 2).inOrder(new long[] {4, 0, 2}, new long[] {1, 1, 3});
    assertThat(dl.size()).isEqualTo(2);
    assertThat(dl.items()).isEqualTo(3);
    assertThat(all(dl)).containsExactly(List.of(4, 0), List.of(2));
    assertThat(all(dl)).containsExactly(List.of(1, 1), List.of(3));
    assertThat(all(dl)).containsExactly(List.of(4, 0), List.of(2));
    assertThat(all(dl.shuffle(1)).stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(range(5));
  }

  @Test
  void refusesOrdersThatDoNotFit() {
    DataLoader<List<Integer>> dl = DataLoader.of(range(5), 2);
    assertThatThrownBy(() -> dl.inOrder(new long[] {0, 5}))
        .isInstanceOf(DataException.class)
        .hasMessage("inOrder: there is no item 5; they are numbered 0 to 4");
    assertThatThrownBy(() -> dl.inOrder(new long[] {0}, new long[] {0, 1}))
        .hasMessageContaining("order 1 has 2 items, order 0 has 1");
    assertThatThrownBy(dl::inOrder).hasMessage("inOrder: no order given");
  }

  @Test
  void takesPairsRecordsAndAnyIterable() {
    List<Map.Entry<Integer, String>> pairs = List.of(Map.entry(0, "a"), Map.entry(1, "b"));
    assertThat(DataLoader.of(pairs, 2).oneBatch()).isEqualTo(pairs);
    List<Digit> digits = List.of(new Digit("3/1.png", 3), new Digit("7/1.png", 7));
    assertThat(all(DataLoader.of(digits, 1))).hasSize(2);
    Iterable<Integer> squares = () -> range(4).stream().map(i -> i * i).iterator();
    assertThat(all(DataLoader.of(squares, 3))).containsExactly(List.of(0, 1, 4), List.of(9));
    assertThat(all(DataLoader.of(new ArrayDeque<>(List.of("x", "y", "z")), 2)))
        .containsExactly(List.of("x", "y"), List.of("z"));
  }

  @Test
  void makesTensorsOfNumbers() {
    List<Tensor> batches = all(DataLoader.of(range(15), 5).map(Tensor::of));
    assertThat(batches).hasSize(3);
    TensorAssert.assertThat(batches.get(1)).hasShape(5).hasDType(DType.INT64);
    assertThat(batches.get(1).toLongArray()).containsExactly(5, 6, 7, 8, 9);
    Tensor doubles = DataLoader.of(List.of(0.5, 1.5), 2).map(Tensor::of).oneBatch();
    assertThat(doubles.toDoubleArray()).containsExactly(0.5, 1.5);
  }

  @Test
  void stacksTensorsAndTellsWhichDoesNotFit() {
    List<Tensor> items = List.of(Tensor.ones(3), Tensor.zeros(3), Tensor.ones(4));
    DataLoader<Tensor> dl = DataLoader.of(items, 3).map(Tensor::stack);
    TensorAssert.assertThat(DataLoader.of(items, 2).map(Tensor::stack).oneBatch()).hasShape(2, 3);
    assertThatThrownBy(dl::oneBatch)
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("[3] at entry 0 and [4] at entry 2")
        .hasMessageContaining("resize");
  }

  @Test
  void givesRowsOfTensorsInOrderAndShuffled() {
    List<Batch> batches = all(DataLoader.of(tenRows(), 4));
    assertThat(batches.stream().map(Batch::size)).containsExactly(4L, 4L, 2L);
    assertThat(batches.get(2).x().toLongArray()).containsExactly(16, 17, 18, 19);
    assertThat(batches.get(2).y().toLongArray()).containsExactly(8, 9);
    for (Batch b : all(DataLoader.of(tenRows(), 4).shuffle(3))) {
      long[] x = b.x().toLongArray();
      long[] y = b.y().toLongArray();
      for (int i = 0; i < y.length; i++) {
        assertThat(x[2 * i]).isEqualTo(2 * y[i]); // input and target stay together
        assertThat(x[2 * i + 1]).isEqualTo(2 * y[i] + 1);
      }
    }
  }

  @Test
  void copiesShuffledRowsOfEveryKindAheadOfTheirTurn() {
    Tensor x = Tensor.arange(40).toFloat().view(20, 2);
    Tensor y = Tensor.arange(20);
    List<TensorDataset> kinds =
        List.of(
            TensorDataset.of(x, y),
            TensorDataset.of(x.to(DType.UINT8), y.unsqueeze(1)),
            TensorDataset.of(x.t().mul(1).t(), y)); // not contiguous: gathered at the turn
    for (TensorDataset set : kinds) {
      List<Long> seen = new ArrayList<>();
      DataLoader.of(set, 6)
          .shuffle(1)
          .forEach(
              (xb, yb) -> {
                TensorAssert.assertThat(xb.select(1, 0).toFloat())
                    .isCloseTo(yb.view(-1).toFloat().mul(2));
                TensorAssert.assertThat(xb.select(1, 1).toFloat())
                    .isCloseTo(yb.view(-1).toFloat().mul(2).add(1));
                for (long i : yb.view(-1).toLongArray()) {
                  seen.add(i);
                }
              });
      assertThat(seen).hasSize(20).doesNotHaveDuplicates();
    }
  }

  @Test
  void copiesMoreBatchesAheadWhereTheyAreSmall() {
    RowSource rows = new RowSource(TensorDataset.of(Tensor.zeros(512, 784), Tensor.zeros(512)));
    assertThat(rows.ahead(16)).isEqualTo(15);
    assertThat(rows.ahead(256)).as("0.8 MB").isEqualTo(15);
    assertThat(rows.ahead(1024)).as("3.2 MB").isEqualTo(5);
    assertThat(rows.ahead(4096)).as("12.8 MB").isEqualTo(3);
    RowSource none = new RowSource(TensorDataset.of(Tensor.zeros(0, 784), Tensor.zeros(0)));
    assertThat(none.ahead(256)).isEqualTo(15);
  }

  @Test
  void freesTheBatchAheadOfAPassThatEndsEarly() { // LeakCheck looks
    TensorDataset set = TensorDataset.of(Tensor.rand(64, 8), Tensor.rand(64));
    assertThatThrownBy(
            () ->
                DataLoader.of(set, 8)
                    .shuffle(1)
                    .forEach(
                        (xb, yb) -> {
                          throw new IllegalStateException("enough");
                        }))
        .hasMessage("enough");
  }

  @Test
  void freesWhatABatchMadeWhenItsTurnIsOver() {
    DataLoader<Batch> dl = DataLoader.of(tenRows(), 4).shuffle(3);
    List<Tensor> seen = new ArrayList<>();
    long before = Torch.liveTensors();
    dl.forEach(
        (xb, yb) -> {
          seen.add(xb);
          seen.add(yb.add(1));
        });
    assertThat(Torch.liveTensors()).isEqualTo(before);
    assertThat(seen).hasSize(6);
    assertThatThrownBy(() -> seen.get(0).sum())
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("closed with its scope");
  }

  @Test
  void passesBatchesOfOtherThingsToAConsumerOnly() {
    assertThatThrownBy(() -> DataLoader.of(range(2), 1).forEach((x, y) -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("these batches are not inputs and targets");
  }

  @Test
  void hasNoBatchOfNothing() {
    DataLoader<List<Integer>> empty = DataLoader.of(range(0), 4);
    assertThat(empty.size()).isZero();
    assertThat(empty.iterator().hasNext()).isFalse();
    assertThatThrownBy(empty::oneBatch)
        .isInstanceOf(DataException.class)
        .hasMessage("no batch: one pass has 0 items, a batch takes 4");
    assertThatThrownBy(() -> DataLoader.of(range(3), 4).dropLast().oneBatch())
        .hasMessageContaining("one pass has 3 items, a batch takes 4");
  }

  @Test
  void givesNoMoreBatchesThanThereAre() {
    Iterator<List<Integer>> batches = DataLoader.of(range(2), 2).iterator();
    batches.next();
    assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void refusesABatchSizeOfZero() {
    assertThatThrownBy(() -> DataLoader.of(range(3), 0))
        .isInstanceOf(DataException.class)
        .hasMessage("a batch size of 0; use 1 or more");
  }

  @Test
  void refusesInputsWithoutTargets() {
    assertThatThrownBy(() -> TensorDataset.of(Tensor.ones(3, 2), Tensor.ones(2)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("x is [3, 2], y is [2]");
  }
}
