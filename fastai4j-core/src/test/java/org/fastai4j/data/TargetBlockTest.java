package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.MSELoss;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;

class TargetBlockTest {
  private final CategoryBlock category = new CategoryBlock();

  @Test
  void sortsClassesAsStringsOrAsNumbers() {
    assertThat(category.setup(List.of("b", "a", "c", "a")).vocab()).containsExactly("a", "b", "c");
    assertThat(category.setup(List.of("10", "9", "2")).vocab()).containsExactly("10", "2", "9");
    assertThat(category.setup(List.of(10, 9, 2)).vocab()).containsExactly("2", "9", "10");
    assertThat(category.unsorted().setup(List.of("b", "a", "c", "a")).vocab())
        .containsExactly("b", "a", "c");
    assertThat(category.vocab(List.of("z", "a")).setup(List.of("a")).vocab())
        .containsExactly("z", "a");
  }

  @Test
  void numbersClassesAndNamesThemAgain() {
    Targets<Object> targets = category.setup(List.of("b", "a", "b"));
    TensorAssert.assertThat(targets.encode(List.of("b", "a", "b")))
        .hasShape(3)
        .hasDType(DType.INT64)
        .isCloseTo(Tensor.of(new long[] {1, 0, 1}));
    assertThat(targets.decode(targets.encode(List.of("b")).select(0, 0))).isEqualTo("b");
    assertThat(targets.c()).isEqualTo(2);
    assertThat(targets.loss()).isInstanceOf(CrossEntropyLoss.class);
  }

  @Test
  void givesUnknownLabelsAClassOfTheirOwnOnlyWhenTold() {
    assertThatThrownBy(() -> category.setup(List.of("a", "b")).encode(List.of("c")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the label 'c' is not in the training data, which has a, b;")
        .hasMessageContaining("addNa()");
    Targets<Object> targets = category.addNa().setup(List.of("a", "b"));
    assertThat(targets.vocab()).containsExactly("#na#", "a", "b");
    assertThat(targets.encode(List.of("c", "b")).toLongArray()).containsExactly(0, 2);
  }

  @Test
  void refusesLabelsThatCannotBeSortedAndASingleClass() {
    assertThatThrownBy(() -> category.setup(List.of("a", 1)))
        .hasMessage(
            "labels of different types cannot be sorted: '1' (Integer), 'a' (String); make them all strings");
    assertThatThrownBy(() -> category.setup(List.of("a", "a")))
        .hasMessageContaining("all 2 items to train on are of one class, 'a'");
  }

  @Test
  void marksEveryClassThatHolds() {
    List<Collection<String>> labels = List.of(List.of("dog", "cat"), List.of(), List.of("ant"));
    Targets<Collection<?>> targets = new MultiCategoryBlock().setup(labels);
    assertThat(targets.vocab()).containsExactly("ant", "cat", "dog");
    TensorAssert.assertThat(targets.encode(labels))
        .hasShape(3, 3)
        .hasDType(DType.FLOAT32)
        .isCloseTo(Tensor.of(new float[] {0, 1, 1, 0, 0, 0, 1, 0, 0}, 3, 3));
    assertThat(targets.decode(targets.encode(labels).select(0, 0))).isEqualTo("cat;dog");
    assertThat(targets.decode(targets.encode(labels).select(0, 1))).isEmpty();
    assertThat(targets.loss()).isInstanceOf(BCEWithLogitsLoss.class);
    assertThatThrownBy(() -> targets.encode(List.of(List.of("eel"))))
        .hasMessageContaining("the label 'eel' is not in the training data");
    assertThatThrownBy(() -> new MultiCategoryBlock().setup(List.of(List.of())))
        .hasMessage("none of the 1 items to train on has a label");
  }

  @Test
  void takesNumbersAndListsOfThem() {
    RegressionBlock block = new RegressionBlock();
    Targets<Object> one = block.setup(List.of(1.5, 2));
    TensorAssert.assertThat(one.encode(List.of(1.5, 2)))
        .hasShape(2)
        .hasDType(DType.FLOAT32)
        .isCloseTo(Tensor.of(new float[] {1.5f, 2}));
    assertThat(one.c()).isEqualTo(1);
    assertThat(one.vocab()).isEmpty();
    assertThat(one.loss()).isInstanceOf(MSELoss.class);
    Targets<Object> two = block.setup(List.of(List.of(1, 2)));
    TensorAssert.assertThat(two.encode(List.of(List.of(1, 2), List.of(3, 4)))).hasShape(2, 2);
    assertThat(two.c()).isEqualTo(2);
    assertThat(two.decode(two.encode(List.of(List.of(1, 2))).select(0, 0)))
        .isEqualTo("1.000, 2.000");
    assertThatThrownBy(() -> two.encode(List.of(List.of(1))))
        .hasMessage("the label [1] has 1 numbers where the first has 2");
    assertThatThrownBy(() -> block.setup(List.of("cat")))
        .hasMessage("the label 'cat' (String) is no number; a CategoryBlock takes names");
  }
}
