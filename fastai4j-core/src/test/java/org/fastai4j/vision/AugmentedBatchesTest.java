package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.TtaPredictions;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training batches are when items and batches are changed at random. */
class AugmentedBatchesTest {
  private final Path root;

  AugmentedBatchesTest(@TempDir Path root) {
    this.root = root;
  }

  @BeforeEach
  void draw() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (String folder : List.of("train/a", "train/b", "valid/a", "valid/b")) {
      Files.createDirectories(root.resolve(folder));
      for (int i = 0; i < 10; i++) {
        byte[] pixels = new byte[(10 + i) * 12];
        random.nextBytes(pixels);
        Image.fromBytes("L", 10 + i, 12, pixels).save(root.resolve(folder + "/" + i + ".png"));
      }
    }
  }

  private static ImageOptions augmented(ImageOptions o) {
    return o.grey()
        .bs(4)
        .itemTfms(new FlipItem(), RandomResizedCrop.to(8))
        .batchTfms(AugTransforms.standard(), Normalize.MNIST, new RandomErasing());
  }

  private DataLoader<Batch> training(UnaryOperator<ImageOptions> more) {
    return ImageDataLoaders.fromFolder(root, o -> more.apply(augmented(o))).train();
  }

  private static List<String> batches(DataLoader.Pass<Batch> pass) {
    List<String> seen = new ArrayList<>();
    while (pass.hasNext()) {
      Scope.run(() -> seen.add(Arrays.toString(pass.next().x().toFloatArray())));
    }
    return seen;
  }

  private List<String> twoPasses(UnaryOperator<ImageOptions> more) {
    Torch.manualSeed(5);
    DataLoader<Batch> train = training(more);
    List<String> seen = batches(train.pass(0));
    seen.addAll(batches(train.pass(0)));
    return seen;
  }

  @Test
  void averagesPredictionsOverAugmentedValidationItems() {
    Torch.manualSeed(5);
    var dls = ImageDataLoaders.fromFolder(root, AugmentedBatchesTest::augmented);
    var net = new Sequential(new Flatten(), new Linear(64, 2));
    Learner learn = Learner.builder(dls, net).loss(new CrossEntropyLoss()).quiet().build();
    TtaPredictions tta = learn.tta(2);
    Tensor plain = learn.getPreds().preds();
    assertThat(tta.plain().preds().toFloatArray()).isEqualTo(plain.toFloatArray());
    assertThat(tta.augmented().toFloatArray()).isNotEqualTo(plain.toFloatArray());
    assertThat(tta.targets().toLongArray()).isEqualTo(learn.getPreds().targets().toLongArray());
  }

  @Test
  void dependOnTheSeedAndNotOnThreadsOrMemory() {
    List<String> expected = twoPasses(o -> o.threads(1));
    assertThat(expected).hasSize(10).doesNotHaveDuplicates();
    assertThat(twoPasses(o -> o.threads(2))).isEqualTo(expected);
    assertThat(twoPasses(o -> o.threads(4))).isEqualTo(expected);
    assertThat(twoPasses(o -> o.cacheBytes(0))).isEqualTo(expected);
    assertThat(twoPasses(o -> o.cacheBytes(500))).isEqualTo(expected);
    List<String> ofASeed = twoPasses(o -> o.seed(3));
    assertThat(ofASeed).doesNotHaveDuplicates().isNotEqualTo(expected);
    Torch.manualSeed(6);
    assertThat(batches(training(o -> o.seed(3)).pass(0))).isEqualTo(ofASeed.subList(0, 5));
  }

  @Test
  void areTheSameAfterAResumeThatSkipsTheFirstOnes() {
    DataLoader<Batch> train = training(o -> o);
    Tensor state = Torch.getRngState();
    List<String> whole = batches(train.pass(0));
    Torch.setRngState(state);
    assertThat(batches(train.pass(3))).isEqualTo(whole.subList(3, 5));
  }

  @Test
  void leaveTheEnginesGeneratorAloneOnceThePassHasBegun() {
    DataLoader<Batch> train = training(o -> o);
    try (DataLoader.Pass<Batch> pass = train.pass(0)) {
      Tensor before = Torch.getRngState();
      batches(pass);
      assertThat(Torch.getRngState().equal(before)).isTrue();
    }
  }

  @Test
  void areReadFromMemoryOnceDecoded() throws IOException {
    Torch.manualSeed(1);
    DataLoader<Batch> train = training(o -> o);
    batches(train.pass(0));
    for (String folder : List.of("train/a", "train/b")) {
      for (int i = 0; i < 10; i++) {
        Files.delete(root.resolve(folder + "/" + i + ".png"));
      }
    }
    assertThat(batches(train.pass(0))).hasSize(5);
  }

  @Test
  void areDrawnInTrainingOnly() {
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(root, AugmentedBatchesTest::augmented);
    assertThat(batches(dls.valid().pass(0))).isEqualTo(batches(dls.valid().pass(0)));
    Path file = root.resolve("valid/a/3.png");
    float[] x = dls.testDl(List.of(file)).oneBatch().x().toFloatArray();
    Image expected = RandomResizedCrop.to(8).apply(Image.open(file));
    for (int i = 0; i < x.length; i++) {
      double value = (expected.pixel(i % 8, i / 8, 0) / 255.0 - 0.131) / 0.308;
      assertThat((double) x[i]).isCloseTo(value, org.assertj.core.data.Offset.offset(1e-5));
    }
  }
}
