package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.dflib.DataFrame;
import org.fastai4j.data.Batch;
import org.fastai4j.data.CategoryBlock;
import org.fastai4j.data.DataBlock;
import org.fastai4j.data.DataException;
import org.fastai4j.data.Datasets;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.data.RegressionBlock;
import org.fastai4j.data.Row;
import org.fastai4j.data.Splitter;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataBlockTest {
  private final Path root;
  private final DataBlock<Path, Path, Object, ImageOptions, ImageDataLoaders> block =
      DataBlock.of(new ImageBlock(), new CategoryBlock())
          .getItems(ItemPaths::getImageFiles)
          .splitter(Splitter.random(0.2, 42))
          .getY(ItemPaths::parentLabel);

  DataBlockTest(@TempDir Path root) {
    this.root = root;
    for (int i = 0; i < 5; i++) { // sorted: a/0 ... a/4, b/0 ... b/4
      TestImages.save(root.resolve("a/" + i + ".png"), 3, 2, i);
      TestImages.save(root.resolve("b/" + i + ".png"), 3, 2, 10 + i);
    }
  }

  @Test
  void dividesAndLabelsSortedItems() {
    Datasets<Path, Path, Object> data = block.datasets(root);
    assertThat(data.valid().inputs())
        .containsExactly(root.resolve("a/2.png"), root.resolve("b/1.png"));
    assertThat(data.train().inputs().get(0)).isEqualTo(root.resolve("a/1.png"));
    assertThat(data.targets().vocab()).containsExactly("a", "b");
    assertThat(data.train().targets().orElseThrow().toLongArray())
        .containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
  }

  @Test
  void makesBatchesByTheOptions() {
    ImageDataLoaders dls = block.options(o -> o.bs(4)).options(o -> o.size(5)).dataloaders(root);
    Batch b = dls.oneBatch();
    TensorAssert.assertThat(b.x()).hasShape(4, 3, 5, 5).hasDType(DType.FLOAT32);
    TensorAssert.assertThat(b.y()).hasShape(4).hasDType(DType.INT64);
    assertThat(dls.valid().oneBatch().y().toLongArray()).containsExactly(0, 1);
  }

  @Test
  void readsGreyByTheGreyBlock() {
    Batch b =
        DataBlock.of(new ImageBWBlock(), new CategoryBlock())
            .splitter(Splitter.index(List.of(1, 2)))
            .getY(ItemPaths::parentLabel)
            .dataloaders(ItemPaths.getImageFiles(root))
            .valid()
            .oneBatch();
    assertThat(b.x().mul(255).round().toLongArray())
        .containsExactly(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2);
  }

  @Test
  void takesInputsAndLabelsFromTheRowsOfATable() {
    List<Row> rows =
        Row.of(
            DataFrame.foldByRow("name", "age", "old")
                .of("a/1", 0.5, false, "b/2", 2.5, true, "b/3", 3.5, false));
    ImageDataLoaders dls =
        DataBlock.of(new ImageBWBlock(), new RegressionBlock())
            .getX((Row row) -> root.resolve(row.text("name") + ".png"))
            .getY(row -> row.get("age"))
            .splitter(Splitter.column("old"))
            .dataloaders(rows);
    Batch b = dls.valid().oneBatch();
    TensorAssert.assertThat(b.y()).hasShape(1).isCloseTo(2.5);
    assertThat(b.x().mul(255).round().toLongArray()).containsOnly(12);
    assertThat(dls.c()).isEqualTo(1);
    TensorAssert.assertThat(dls.testDlWithLabels(rows).oneBatch().y())
        .isCloseTo(Tensor.of(new float[] {0.5f, 2.5f, 3.5f}));
    assertThat(dls.testDl(List.of(rows.get(0), root.resolve("a/1.png"))).oneBatch().size())
        .isEqualTo(2);
    assertThatThrownBy(() -> dls.testDlWithLabels(List.of(root)))
        .hasMessageContaining("no labels that getY can get; give items such as row 0 {name=a/1");
  }

  @Test
  void namesTheItemOfALabelThatIsNotInTheTrainingData() {
    TestImages.save(root.resolve("c/0.png"), 3, 2, 0);
    DataBlock<Path, Path, Object, ImageOptions, ImageDataLoaders> end =
        block.splitter(Splitter.end(0.1));
    assertThatThrownBy(() -> end.dataloaders(root))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(root.resolve("c/0.png") + ": the label 'c' is not in the training");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> DataBlock.of(new ImageBlock(), new CategoryBlock()).datasets(root))
        .hasMessageContaining("the data block has no getItems");
    assertThatThrownBy(() -> block.splitter(Splitter.index(List.of(0))).datasets(List.of(root)))
        .hasMessageContaining("left none of 1 items to train on and 1 to validate with");
    assertThatThrownBy(
            () ->
                DataBlock.of(new ImageBlock(), new CategoryBlock())
                    .splitter(Splitter.index(List.of()))
                    .datasets(List.of(root)))
        .hasMessageContaining("the data block has no getY");
    assertThatThrownBy(() -> block.getItems(p -> List.of()).datasets(root))
        .hasMessage("getItems found nothing below " + root);
  }

  @Test
  void summarizesEachStepOfTheFirstItem() {
    assertThat(block.options(o -> o.bs(4).size(5)).summary(root).lines())
        .containsExactly(
            "items      10",
            "split      8 to train on, 2 to validate with",
            "the first  " + root.resolve("a/1.png"),
            "getX       " + root.resolve("a/1.png"),
            "  then     Image mode=L size=3x2",
            "  then     [3, 5, 5]",
            "getY       a",
            "  then     tensor(0), which is a",
            "vocab      2 classes: a, b",
            "batch      x [4, 3, 5, 5] float32, y [4] int64",
            "batches    2 to train on, 1 to validate with");
  }

  @Test
  void leavesTheEnginesGeneratorAloneWhenItSummarizes() {
    Torch.manualSeed(1);
    long[] expected = Tensor.randperm(9).toLongArray();
    Torch.manualSeed(1);
    assertThat(block.options(o -> o.bs(4)).summary(root)).contains("batches    2");
    assertThat(Tensor.randperm(9).toLongArray()).isEqualTo(expected);
  }

  @Test
  void saysWhichItemsDoNotFitTogether() {
    TestImages.save(root.resolve("b/0.png"), 4, 2, 0);
    TestImages.save(root.resolve("b/4.png"), 4, 2, 0);
    assertThat(block.summary(root))
        .contains("none: of the first 8 to train on,")
        .contains("6 are [3, 2, 3], such as " + root.resolve("a/1.png"))
        .contains("2 are [3, 2, 4], such as " + root.resolve("b/"))
        .contains("o.size(224)");
    assertThat(block.options(o -> o.size(2)).summary(root))
        .contains("8 items to train on do not fill a batch of 64; use a smaller batch size");
  }
}
