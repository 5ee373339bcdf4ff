package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.data.ItemPaths.getImageFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dflib.DataFrame;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.MSELoss;
import org.fastai4j.tensor.DType;
import org.fastai4j.testkit.RealMnist;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDataLoadersFactoriesTest {
  private final Path root;

  ImageDataLoadersFactoriesTest(@TempDir Path root) {
    this.root = root;
    for (int i = 0; i < 5; i++) { // item 2 and 6 of ten validate by seed 42: cat_2, dog_1
      TestImages.save(root.resolve("img/cat_" + i + ".png"), 3, 2, i);
      TestImages.save(root.resolve("img/dog_" + i + ".png"), 3, 2, 10 + i);
    }
  }

  private Path csv(String... lines) throws IOException {
    return Files.write(root.resolve("labels.csv"), List.of(lines));
  }

  private static List<String> labels(ImageDataLoaders dls) {
    Batch b = dls.valid().oneBatch();
    return IntStream.range(0, (int) b.size())
        .mapToObj(i -> dls.decode(b.y().select(0, i)))
        .toList();
  }

  @Test
  void labelsByPathAndByName() {
    List<Path> files = getImageFiles(root);
    assertThat(
            List.of(
                ImageDataLoaders.fromPathFunc(
                    root,
                    files,
                    f -> f.toString().contains("cat") ? "cat" : "dog",
                    o -> o.seed(42)),
                ImageDataLoaders.fromNameFunc(
                    root, files, name -> name.substring(0, 3), o -> o.seed(42)),
                ImageDataLoaders.fromPathRegex(root, files, "img/(\\w+)_", o -> o.seed(42)),
                ImageDataLoaders.fromNameRegex(root, files, "^(.+)_\\d.png$", o -> o.seed(42))))
        .allSatisfy(
            dls -> {
              assertThat(dls.vocab()).containsExactly("cat", "dog");
              assertThat(dls.train().items()).isEqualTo(8);
              assertThat(labels(dls)).containsExactly("cat", "dog");
            });
    assertThatThrownBy(() -> ImageDataLoaders.fromNameRegex(root, files, "^(.+)_\\d.jpg$", o -> o))
        .hasMessageContaining("is not found in '")
        .hasMessageContaining("(.+)_\\d.jpg");
  }

  @Test
  void findsFilesThatAreNamedBelowThePath() {
    List<Path> files = getImageFiles(root).stream().map(root::relativize).toList();
    ImageDataLoaders dls =
        ImageDataLoaders.fromNameFunc(root, files, n -> n.substring(0, 3), o -> o.bs(8));
    TensorAssert.assertThat(dls.oneBatch().x()).hasShape(8, 3, 2, 3);
  }

  @Test
  void takesTheTargetsFromTheKindOfTheLabels() {
    List<Path> files = getImageFiles(root).subList(0, 4);
    ImageDataLoaders classes =
        ImageDataLoaders.fromLists(root, files, List.of(3, 7, 7, 3), o -> o.bs(2));
    assertThat(classes.vocab()).containsExactly("3", "7");
    assertThat(classes.lossFunc().orElseThrow()).isInstanceOf(CrossEntropyLoss.class);
    TensorAssert.assertThat(classes.oneBatch().y()).hasShape(2).hasDType(DType.INT64);
    ImageDataLoaders numbers =
        ImageDataLoaders.fromLists(root, files, List.of(0.5, 1.0, 2.0, 3.0), o -> o.bs(2));
    assertThat(numbers.lossFunc().orElseThrow()).isInstanceOf(MSELoss.class);
    TensorAssert.assertThat(numbers.oneBatch().y()).hasShape(2).hasDType(DType.FLOAT32);
    ImageDataLoaders several =
        ImageDataLoaders.fromLists(
            root,
            files,
            List.of(List.of("a"), List.of("a", "b"), List.of("a", "b"), List.of("b", "a")),
            o -> o.bs(2));
    assertThat(several.lossFunc().orElseThrow()).isInstanceOf(BCEWithLogitsLoss.class);
    TensorAssert.assertThat(several.oneBatch().y()).hasShape(2, 2).hasDType(DType.FLOAT32);
    assertThatThrownBy(() -> ImageDataLoaders.fromLists(root, files, List.of("a"), o -> o))
        .hasMessage("4 images and 1 labels; give a label for each of one or more");
  }

  @Test
  void readsATableOfFilesAndLabels() throws IOException {
    csv("name,label,is_valid", "cat_0,9,False", "dog_1,10,True", "dog_2,10,False", "cat_3,9,True");
    ImageDataLoaders dls =
        ImageDataLoaders.fromCsv(
            root,
            "labels.csv",
            c -> c.folder("img").suff(".png").validCol("is_valid"),
            o -> o.grey());
    assertThat(dls.vocab()).containsExactly("9", "10");
    assertThat(
            dls.valid()
                .oneBatch()
                .x()
                .select(1, 0)
                .select(1, 0)
                .select(1, 0)
                .mul(255)
                .round()
                .toLongArray())
        .containsExactly(11, 3);
    assertThat(labels(dls)).containsExactly("10", "9");
  }

  @Test
  void readsSeveralLabelsFromOneColumnOrMany() throws IOException {
    csv("file,tags", "img/cat_0.png,small furry", "img/dog_0.png,furry small", "img/cat_1.png,");
    ImageDataLoaders dls =
        ImageDataLoaders.fromCsv(
            root, "labels.csv", c -> c.labelDelim(" "), o -> o.bs(3).validPct(0.1).seed(0));
    assertThat(dls.vocab()).containsExactly("furry", "small");
    assertThat(dls.oneBatch().y().sum(0).toFloatArray()).containsExactly(2, 2);
    DataFrame frame =
        DataFrame.foldByRow("x", "a", "b", "file")
            .of(0, "p", "q", "img/cat_0.png", 1, "q", "p", "img/dog_0.png");
    ImageDataLoaders two =
        ImageDataLoaders.fromDataFrame(
            root, frame, c -> c.fnCol("file").labelCol("a", "b"), o -> o.validPct(0.5).seed(0));
    assertThat(two.vocab()).containsExactly("p", "q");
    assertThat(two.valid().oneBatch().y().toFloatArray()).containsExactly(1, 1);
  }

  @Test
  void readsNumbersToPredict() throws IOException {
    csv("file,x,y", "img/cat_0.png,1.5,2", "img/dog_0.png,3,4");
    ImageDataLoaders dls =
        ImageDataLoaders.fromCsv(
            root,
            "labels.csv",
            c -> c.labelCol("x", "y").regression(),
            o -> o.validPct(0.5).seed(0));
    TensorAssert.assertThat(dls.valid().oneBatch().y()).hasShape(1, 2);
    assertThat(dls.c()).isEqualTo(2);
  }

  @Test
  void saysWhatIsWrongWithATable() throws IOException {
    assertThatThrownBy(() -> ImageDataLoaders.fromCsv(root))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no table " + root.resolve("labels.csv"));
    csv();
    assertThatThrownBy(() -> ImageDataLoaders.fromCsv(root)).hasMessageContaining("has no rows");
    csv("name,label");
    assertThatThrownBy(() -> ImageDataLoaders.fromCsv(root))
        .hasMessageContaining("labels.csv: the table has no rows");
    csv("name", "img/cat_0.png");
    assertThatThrownBy(() -> ImageDataLoaders.fromCsv(root))
        .hasMessageContaining("the table has 1 columns");
    csv("name,label", "img/cat_0.png,a", "img/cow_0.png,b");
    assertThatThrownBy(() -> ImageDataLoaders.fromCsv(root))
        .hasMessageContaining("1 of 2 files are missing, the first is")
        .hasMessageContaining("img/cow_0.png of row 1 {name=img/cow_0.png, label=b}")
        .hasMessageContaining("folder and suff");
    assertThatThrownBy(
            () -> ImageDataLoaders.fromCsv(root, "labels.csv", c -> c.fnCol("file"), o -> o))
        .hasMessageContaining("there is no column 'file'; there are name, label");
    csv("name,label", "img/cat_0.png,a", "img/dog_0.png,");
    assertThatThrownBy(() -> ImageDataLoaders.fromCsv(root))
        .hasMessageContaining("row 1 has nothing in the column 'label'");
  }

  @Test
  void showsImagesUnderTheirLabels() {
    ImageDataLoaders dls =
        ImageDataLoaders.fromNameFunc(
            root,
            getImageFiles(root),
            n -> n.substring(0, 3),
            o -> o.seed(42).normalize(new double[] {.5, .5, .5}, new double[] {.5, .5, .5}));
    assertThat(dls.showBatch(dls.valid().oneBatch(), 9).svg()).contains(">cat<", ">dog<");
    assertThat(dls.showBatch(3).svg().split("<image")).hasSize(4);
    assertThat(dls.showUnique(4).svg().split(">cat<|>dog<")).hasSize(5);
    assertThat(dls.showBatch(dls.testDl(getImageFiles(root)).oneBatch(), 2).svg())
        .doesNotContain(">cat<");
  }

  @Test
  void namesTheFileThatVanishesWhileTraining() throws IOException {
    ImageDataLoaders dls =
        ImageDataLoaders.fromNameFunc(
            root, getImageFiles(root), n -> n.substring(0, 3), o -> o.bs(2).seed(42).cacheBytes(0));
    dls.train().forEach((x, y) -> assertThat(x.size(0)).isEqualTo(2));
    Files.delete(root.resolve("img/dog_3.png"));
    assertThatThrownBy(() -> dls.train().forEach((x, y) -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("img/dog_3.png cannot be read: it does not exist");
  }

  @Test
  void readsFilesWhoseNamesAreNoText() throws Exception {
    Process copy =
        new ProcessBuilder(
                "sh",
                "-c",
                "cp img/cat_0.png \"img/$(printf 'cow\\377_0.png')\" 2>/dev/null"
                    + " && cp img/cat_1.png \"img/$(printf 'cow\\377_1.png')\"")
            .directory(root.toFile())
            .start();
    Assumptions.assumeTrue(copy.waitFor() == 0, "the file system has names of text only");
    List<Path> files = getImageFiles(root);
    assertThat(files).hasSize(12);
    ImageDataLoaders dls =
        ImageDataLoaders.fromNameFunc(
            root, files, n -> n.substring(0, 3), o -> o.seed(1).dropLast(false));
    assertThat(dls.vocab()).containsExactly("cat", "cow", "dog");
    TensorAssert.assertThat(dls.testDl(files).oneBatch().x()).hasShape(12, 3, 2, 3);
  }

  @Test
  void readsTheTableOfMnistAsFastaiDoes() {
    Path mnist = RealMnist.folder();
    ImageDataLoaders dls =
        ImageDataLoaders.fromCsv(mnist, "labels.csv", c -> c, o -> o.seed(42).grey());
    assertThat(dls.vocab()).containsExactly("0", "1");
    assertThat(dls.train().items()).isEqualTo(11548);
    assertThat(dls.valid().items()).isEqualTo(2886);
    Batch first = dls.valid().oneBatch();
    TensorAssert.assertThat(first.x()).hasShape(64, 1, 28, 28);
    ImageDataLoaders all = ImageDataLoaders.fromFolder(mnist, o -> o.validPct(0.2).seed(42));
    assertThat(all.vocab()).containsExactly("3", "7");
    assertThat(all.train().items()).isEqualTo(11548);
    assertThat(all.valid().items()).isEqualTo(2886);
  }
}
