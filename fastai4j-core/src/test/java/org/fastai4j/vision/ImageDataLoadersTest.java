package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.RealMnist;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDataLoadersTest {
  private final Path root;

  ImageDataLoadersTest(@TempDir Path root) {
    this.root = root;
  }

  /** Image number i of a class is of one grey, 10 * class + i. */
  private void draw(String split, int perClass, String... classes) {
    for (int c = 0; c < classes.length; c++) {
      for (int i = 0; i < perClass; i++) {
        byte[] pixels = new byte[6];
        Arrays.fill(pixels, (byte) (10 * c + i));
        save(split + "/" + classes[c] + "/" + i + ".png", Image.fromBytes("L", 3, 2, pixels));
      }
    }
  }

  private void save(String name, Image image) {
    try {
      Files.createDirectories(root.resolve(name).getParent());
      image.save(root.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> passes(UnaryOperator<ImageOptions> options) {
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(root, options);
    List<String> seen = new ArrayList<>();
    for (int pass = 0; pass < 2; pass++) {
      dls.train()
          .forEach(
              (x, y) ->
                  seen.add(Arrays.toString(x.toFloatArray()) + Arrays.toString(y.toLongArray())));
    }
    return seen;
  }

  @Test
  void givesColorBatchesInZeroToOneWithTheNumbersOfTheFolders() {
    draw("train", 5, "cat", "dog");
    draw("valid", 2, "cat", "dog");
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(root, o -> o.bs(4));
    assertThat(dls.vocab()).containsExactly("cat", "dog");
    assertThat(dls.c()).isEqualTo(2);
    assertThat(dls.train().items()).isEqualTo(10);
    assertThat(dls.train().size()).isEqualTo(2);
    Batch b = dls.valid().oneBatch();
    TensorAssert.assertThat(b.x()).hasShape(4, 3, 2, 3).hasDType(DType.FLOAT32);
    assertThat(b.y().toLongArray()).containsExactly(0, 0, 1, 1);
    float[] x = b.x().toFloatArray();
    assertThat(x[0]).isEqualTo(0f);
    assertThat(x[18]).isEqualTo(1 / 255f);
    assertThat(x[2 * 18 + 17]).isEqualTo(10 / 255f);
  }

  @Test
  void putsColorsIntoPlanes() {
    save("train/a/0.png", Image.fromBytes("RGB", 2, 1, new byte[] {1, 2, 3, 4, 5, 6}));
    save("train/b/0.png", Image.fromBytes("L", 2, 1, new byte[] {7, 8}));
    save("valid/a/0.png", Image.fromBytes("RGB", 2, 1, new byte[] {1, 2, 3, 4, 5, 6}));
    save("valid/b/0.png", Image.fromBytes("L", 2, 1, new byte[] {7, 8}));
    Batch b = ImageDataLoaders.fromFolder(root).valid().oneBatch();
    assertThat(b.x().mul(255).round().toLongArray())
        .containsExactly(1, 4, 2, 5, 3, 6, 7, 8, 7, 8, 7, 8);
  }

  @Test
  void givesTheSameBatchesFromMemoryFromFilesAndOnAnyNumberOfThreads() {
    draw("train", 9, "a", "b");
    draw("valid", 1, "a", "b");
    List<String> expected = passes(o -> o.bs(4).grey().seed(1));
    assertThat(expected).hasSize(8).doesNotHaveDuplicates();
    assertThat(passes(o -> o.bs(4).grey().seed(1).threads(5))).isEqualTo(expected);
    assertThat(passes(o -> o.bs(4).grey().seed(1).cacheBytes(0))).isEqualTo(expected);
    assertThat(passes(o -> o.bs(4).grey().seed(1).cacheBytes(6 * 7))).isEqualTo(expected);
  }

  @Test
  void readsNoFileTwiceOnceItIsInMemory() throws IOException {
    draw("train", 4, "a", "b");
    draw("valid", 2, "a", "b");
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(root, o -> o.grey().dropLast(false));
    assertThat(dls.cacheBytes()).isEqualTo(12 * 6);
    dls.train().forEach((x, y) -> assertThat(x.size(0)).isEqualTo(8));
    Files.delete(root.resolve("train/a/0.png"));
    dls.train().forEach((x, y) -> assertThat(y.size(0)).isEqualTo(8));
  }

  @Test
  void namesTheFileThatCannotBeRead() throws IOException {
    draw("train", 30, "a", "b");
    draw("valid", 1, "a", "b");
    Files.delete(root.resolve("valid/b/0.png"));
    Files.writeString(root.resolve("valid/b/0.png"), "no picture");
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(root);
    assertThatThrownBy(() -> dls.valid().oneBatch())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("valid/b/0.png is not an image this can read");
  }

  @Test
  void namesTheImageOfAnotherSizeAndTheMend() {
    draw("train", 2, "a", "b");
    draw("valid", 1, "a", "b");
    save("valid/b/1.png", Image.fromBytes("L", 2, 2, new byte[4]));
    assertThatThrownBy(() -> ImageDataLoaders.fromFolder(root).valid().oneBatch())
        .hasMessageContaining("valid/b/1.png is 2 x 2 pixels (width x height) where 3 x 2")
        .hasMessageContaining("size(n)");
    TensorAssert.assertThat(
            ImageDataLoaders.fromFolder(root, o -> o.size(5)).valid().oneBatch().x())
        .hasShape(3, 3, 5, 5);
  }

  @Test
  void drawsFastaisSplitForASeedAndLeavesTheEnginesGeneratorAlone() {
    draw(".", 5, "a", "b"); // sorted: a/0 ... a/4, b/0 ... b/4
    Torch.manualSeed(3);
    double next = Torch.getRngState().toFloat().sum().item();
    ImageDataLoaders dls =
        ImageDataLoaders.fromFolder(root, o -> o.grey().validPct(0.2).seed(42).dropLast(false));
    assertThat(Torch.getRngState().toFloat().sum().item()).isEqualTo(next);
    assertThat(dls.train().items()).isEqualTo(8);
    Batch b = dls.valid().oneBatch(); // items 2 and 6 of ten
    assertThat(b.x().mul(255).round().view(2, 6).select(1, 0).toLongArray()).containsExactly(2, 11);
    assertThat(b.y().toLongArray()).containsExactly(0, 1);
  }

  @Test
  void drawsAFifthForValidationWhereTheFolderIsNotDivided() {
    draw(".", 5, "a", "b");
    assertThat(ImageDataLoaders.fromFolder(root).valid().items()).isEqualTo(2);
  }

  @Test
  void preparesFurtherItemsWithoutTargets() {
    draw("training", 2, "a", "b");
    draw("testing", 2, "a", "b");
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(root, o -> o.grey());
    Path file = root.resolve("testing/b/1.png");
    Batch b = dls.testDl(List.of(file, Image.open(file))).oneBatch();
    assertThat(b.hasTargets()).isFalse();
    TensorAssert.assertThat(b.x()).hasShape(2, 1, 2, 3);
    assertThat(b.x().toFloatArray()).containsOnly(11 / 255f);
    assertThatThrownBy(() -> dls.testDl(List.of("x.png")).oneBatch())
        .hasMessage("an item is a Path or an Image, not a String");
  }

  @Test
  void normalizesEachChannel() {
    draw("train", 2, "a", "b");
    draw("valid", 2, "a", "b");
    UnaryOperator<ImageOptions> o =
        p -> p.normalize(new double[] {0.5, 0.25, 0}, new double[] {0.5, 1, 2});
    float[] x =
        ImageDataLoaders.fromFolder(root, o)
            .testDl(List.of(root.resolve("valid/b/1.png")))
            .oneBatch()
            .x()
            .toFloatArray();
    double v = 11 / 255.0;
    assertThat((double) x[0]).isCloseTo((v - 0.5) / 0.5, within(1e-6));
    assertThat((double) x[6]).isCloseTo(v - 0.25, within(1e-6));
    assertThat((double) x[17]).isCloseTo(v / 2, within(1e-6));
  }

  @Test
  void refusesFoldersThatMakeNoClassifier() throws IOException {
    draw("train", 2, "a");
    draw("valid", 2, "a");
    assertThatThrownBy(() -> ImageDataLoaders.fromFolder(root))
        .hasMessageContaining("all 2 items to train on are of one class, 'a'");
    draw("train", 1, "b");
    draw("valid", 1, "c");
    assertThatThrownBy(() -> ImageDataLoaders.fromFolder(root))
        .hasMessageContaining(
            "valid/c/0.png: the label 'c' is not in the training data, which has a, b");
    Path empty = Files.createDirectory(root.resolve("empty"));
    assertThatThrownBy(() -> ImageDataLoaders.fromFolder(empty)).hasMessageContaining("no images");
    Path half = root.resolve("half");
    Files.createDirectories(half.resolve("train"));
    assertThatThrownBy(() -> ImageDataLoaders.fromFolder(half))
        .hasMessageContaining("no folder valid")
        .hasMessageContaining("validPct(0.2)");
  }

  @Test
  void readsMnistAsFastaiDoes() {
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(RealMnist.folder());
    assertThat(dls.vocab()).containsExactly("3", "7");
    assertThat(dls.train().size()).isEqualTo(193);
    assertThat(dls.valid().size()).isEqualTo(32);
    double[] sums = new double[2];
    dls.valid()
        .forEach(
            (x, y) -> {
              TensorAssert.assertThat(x).hasShape(x.size(0), 3, 28, 28);
              sums[0] += x.sum().item();
              sums[1] += y.sum().item();
            });
    assertThat(sums[1]).isEqualTo(1028);
    double pixels = Images.stack(RealMnist.files("valid")).toFloat().div(255).sum().item();
    assertThat(sums[0]).isCloseTo(3 * pixels, within(1.0));
  }
}
