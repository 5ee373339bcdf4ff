package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.data.DataLoader.range;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dflib.DataFrame;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitterTest {
  @Test
  void drawsFastaisSplits() {
    Split ten = Splitter.random(0.2, 42).split(range(10));
    assertThat(ten.valid()).containsExactly(2, 6);
    assertThat(ten.train()).containsExactly(1, 8, 4, 5, 0, 9, 3, 7);
    assertThat(Splitter.random(0.25, 42).split(range(10)).valid()).containsExactly(2, 6);
    Split nine = Splitter.random(0.25, 0).split(range(9));
    assertThat(nine.valid()).containsExactly(8, 0);
    assertThat(nine.train()).containsExactly(2, 3, 7, 1, 4, 5, 6);
    assertThat(Splitter.random(0.2, 42).split(range(100)).valid())
        .containsExactly(
            42, 96, 62, 98, 46, 95, 60, 24, 78, 16, 68, 70, 11, 13, 97, 52, 99, 19, 71, 10);
    Split many = Splitter.random(0.2, 42).split(range(12396));
    assertThat(many.train()).hasSize(9917).startsWith(5022, 3996, 7639, 329);
    assertThat(many.valid()).hasSize(2479).startsWith(8622, 6908, 9214, 11014);
  }

  @Test
  void drawsFromTheEnginesGeneratorOnlyWithoutASeed() {
    Torch.manualSeed(42);
    Split seeded = Splitter.random(0.2, 7).split(range(10));
    assertThat(Splitter.random(0.2).split(range(10)).valid()).containsExactly(2, 6);
    assertThat(seeded).isEqualTo(Splitter.random(0.2, 7).split(range(10)));
    assertThat(Tensor.randperm(10, 42).toLongArray()).containsExactly(2, 6, 1, 8, 4, 5, 0, 9, 3, 7);
  }

  @Test
  void takesSharesOfARandomOrder() {
    Split split = Splitter.randomSubset(0.3, 0.2, 42).split(range(10));
    assertThat(split.train()).containsExactly(2, 6, 1);
    assertThat(split.valid()).containsExactly(8, 4);
    assertThatThrownBy(() -> Splitter.randomSubset(0.8, 0.3, 1))
        .hasMessageContaining("more than all");
    assertThatThrownBy(() -> Splitter.random(20)).hasMessageContaining("validPct: 20.0");
  }

  @Test
  void takesTheItemsOfTheseNumbersInTheirOrder() {
    Split split = Splitter.index(List.of(3, 1)).split(range(5));
    assertThat(split.valid()).containsExactly(3, 1);
    assertThat(split.train()).containsExactly(0, 2, 4);
    assertThat(Splitter.index(List.of()).split(range(3)).train()).containsExactly(0, 1, 2);
    assertThatThrownBy(() -> Splitter.index(List.of(5)).split(range(5)))
        .hasMessage("index: there is no item 5; the 5 are numbered from 0");
  }

  @Test
  void takesTheEndOrTheStart() {
    assertThat(Splitter.end(0.25).split(range(9)))
        .isEqualTo(new Split(List.of(0, 1, 2, 3, 4, 5, 6), List.of(7, 8)));
    assertThat(Splitter.start(0.25).split(range(9)))
        .isEqualTo(new Split(List.of(2, 3, 4, 5, 6, 7, 8), List.of(0, 1)));
  }

  @Test
  void takesWhatAFunctionOrAMaskSays() {
    Splitter<Integer> even = Splitter.function(i -> i % 2 == 0);
    assertThat(even.split(range(4))).isEqualTo(new Split(List.of(1, 3), List.of(0, 2)));
    assertThat(Splitter.mask(false, true, false).split(range(3)))
        .isEqualTo(new Split(List.of(0, 2), List.of(1)));
    assertThatThrownBy(() -> Splitter.mask(true).split(range(3)))
        .hasMessage("mask: 1 places for 3 items; give one for each");
  }

  @Test
  void takesTheFoldersOfTheseNames() {
    List<Path> files =
        List.of(
            Path.of("m/train/a/1.png"),
            Path.of("m/valid/a/2.png"),
            Path.of("m/other/a/3.png"),
            Path.of("m/train/b/4.png"));
    assertThat(Splitter.grandparent().split(files)).isEqualTo(new Split(List.of(0, 3), List.of(1)));
    assertThat(Splitter.grandparent("other", "train").split(files))
        .isEqualTo(new Split(List.of(2), List.of(0, 3)));
    assertThatThrownBy(() -> Splitter.grandparent("train", "val").split(files))
        .hasMessageContaining("2 files lie in folders of 'train' and 0 in folders of 'val'")
        .hasMessageContaining("m/train/a/1.png");
  }

  @Test
  void takesTheFilesNamedInAFile(@TempDir Path temp) throws IOException {
    Path list = Files.writeString(temp.resolve("valid.txt"), "2.png\n9.png\n");
    assertThat(Splitter.file(list).split(List.of(Path.of("a/1.png"), Path.of("b/2.png"))))
        .isEqualTo(new Split(List.of(0), List.of(1)));
    assertThatThrownBy(() -> Splitter.file(temp.resolve("none.txt")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none.txt");
  }

  @Test
  void takesTheRowsThatAColumnMarks() {
    List<Row> rows =
        Row.of(
            DataFrame.foldByRow("is_valid", "text", "fold")
                .of(true, "False", 1, false, "True", 2, true, "1", 3));
    assertThat(Splitter.column("is_valid").split(rows).valid()).containsExactly(0, 2);
    assertThat(Splitter.column("text").split(rows).valid()).containsExactly(1, 2);
    assertThat(Splitter.column("fold", List.of(2)).split(rows).valid()).containsExactly(1);
    assertThatThrownBy(() -> Splitter.column("valid").split(rows))
        .hasMessage("there is no column 'valid'; there are is_valid, text, fold");
  }
}
