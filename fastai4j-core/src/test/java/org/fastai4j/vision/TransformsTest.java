package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;

class TransformsTest {
  private final SplittableRandom random = new SplittableRandom(7);

  /** Eight by four, value 8 x + 64 y. */
  private static Image ramp() {
    byte[] pixels = new byte[32];
    for (int i = 0; i < 32; i++) {
      pixels[i] = (byte) (8 * (i % 8) + 64 * (i / 8));
    }
    return Image.fromBytes("L", 8, 4, pixels);
  }

  private static int[] row(Image image, int y) {
    return IntStream.range(0, image.width()).map(x -> image.pixel(x, y, 0)).toArray();
  }

  @Test
  void resizesByCropPadAndSquish() {
    assertThat(row(Resize.to(4).apply(ramp()), 0)).containsExactly(16, 24, 32, 40);
    assertThat(row(Resize.to(4).pad().apply(ramp()), 0)).containsExactly(88, 102, 118, 132);
    assertThat(row(Resize.to(4).squish().apply(ramp()), 0)).containsExactly(6, 20, 36, 50);
  }

  @Test
  void drawsWhereACropLiesInTrainingOnly() {
    Set<Integer> starts = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      starts.add(Resize.to(4).train(ramp(), random).pixel(0, 0, 0));
    }
    assertThat(starts).containsExactlyInAnyOrder(0, 8, 16, 24);
    assertThat(Resize.to(4).isRandom()).isTrue();
    assertThat(Resize.to(4).squish().isRandom()).isFalse();
  }

  @Test
  void squishesToSomewhatMoreAndCutsTheMiddleForValidation() {
    Image image = RandomResizedCrop.to(28).apply(Image.fromBytes("L", 36, 36, new byte[36 * 36]));
    assertThat(image.width()).isEqualTo(28); // 36 x 36 is the size in between: nothing is resized
    Image wide = RandomResizedCrop.to(100, 200).apply(ramp());
    assertThat(wide.width()).isEqualTo(200);
    assertThat(wide.height()).isEqualTo(100);
  }

  @Test
  void takesTheMiddleWhereNoPartOfTheWantedShapeFits() {
    RandomResizedCrop square = RandomResizedCrop.to(2).ratio(1, 1).minScale(1);
    assertThat(square.train(ramp(), random)).isEqualTo(square.part(ramp(), 2, 0, 4, 4));
  }

  @Test
  void cropsAnywhereInTrainingAndPadsWhatIsSmaller() {
    Image image = RandomCrop.to(6).train(ramp(), random);
    assertThat(row(image, 0)).containsOnly(0);
    assertThat(image.pixel(1, 1, 0) - image.pixel(0, 1, 0)).isEqualTo(8);
    assertThat(row(RandomCrop.to(6).apply(ramp()), 1)).containsExactly(8, 16, 24, 32, 40, 48);
  }

  @Test
  void keepsTheShapeWhenTheLongerSideIsGiven() {
    assertThat(new RatioResize(4).apply(ramp())).isEqualTo(ramp().resize(4, 2));
  }

  @Test
  void mirrorsBeyondTheBorderAsOftenAsNeeded() {
    int[] read = IntStream.range(-5, 6).map(i -> PadMode.REFLECTION.index(i, 3)).toArray();
    assertThat(read).containsExactly(1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1);
    assertThat(PadMode.BORDER.index(9, 3)).isEqualTo(2);
    assertThat(PadMode.ZEROS.index(-1, 3)).isEqualTo(-1);
  }

  @Test
  void leavesValidationAloneUnlessASizeIsAsked() {
    Tensor x = Tensor.rand(2, 3, 8, 8);
    AugTransforms tfms = AugTransforms.standard();
    assertThat(tfms.valid(x)).isSameAs(x);
    TensorAssert.assertThat(tfms.size(4, 6).valid(x)).hasShape(2, 3, 4, 6);
    TensorAssert.assertThat(tfms.size(8).valid(x)).isCloseTo(x, 0, 3e-6);
    TensorAssert.assertThat(tfms.minScale(0.5).size(8).valid(x)).isCloseTo(x, 0, 3e-6);
  }

  @Test
  void drawsForEachImageUnlessOneDrawIsForTheBatch() {
    Tensor x = Tensor.rand(1, 1, 9, 9).expand(6, 1, 9, 9);
    Tensor each = AugTransforms.standard().train(x, random);
    Tensor alike = AugTransforms.standard().batch(true).train(x, random);
    assertThat(each.std(0).max().item()).isGreaterThan(0.01);
    assertThat(alike.std(0).max().item()).isLessThan(1e-6);
    assertThat(alike.sub(x).abs().max().item()).isGreaterThan(0.01);
  }

  @Test
  void changesNothingWhenEverythingIsOff() {
    Tensor x = Tensor.rand(2, 1, 5, 5);
    AugTransforms off = AugTransforms.standard().doFlip(false).mult(0).maxZoom(1);
    assertThat(off.train(x, random)).isSameAs(x);
  }

  @Test
  void drawsTheEightSymmetriesForFlipVert() {
    AugTransforms flips = AugTransforms.standard().flipVert(true).mult(0).maxZoom(1);
    Tensor x = Tensor.of(new double[] {0, 0.25, 0.5, 1}, 1, 1, 2, 2).toFloat().expand(200, 1, 2, 2);
    Set<String> seen = new HashSet<>();
    for (Tensor image : flips.train(x, random).mul(4).round().rows()) {
      seen.add(image.toLong().flatten().toList().toString());
    }
    assertThat(seen).hasSize(8).contains("[0.0, 1.0, 2.0, 4.0]", "[4.0, 2.0, 1.0, 0.0]");
  }

  @Test
  void turnsHuesAroundTheCircle() {
    Tensor x = Tensor.of(new double[] {0.2, 0.5, 0.8}, 1, 3, 1, 1).toFloat();
    assertThat(Hue.turned(x, new double[] {0.1}).toFloatArray())
        .containsExactly(
            new float[] {0.26f, 0.2f, 0.8f}, org.assertj.core.data.Offset.offset(1e-6f));
    Tensor grey = Tensor.full(0.3, 1, 3, 1, 1);
    TensorAssert.assertThat(Hue.turned(grey, new double[] {0.4})).isCloseTo(grey, 0, 1e-6);
  }

  @Test
  void erasesTheSameBoxOfEveryImageWithNoise() {
    RandomErasing erasing = new RandomErasing(1, 0.2, 0.3, 0.3, 1);
    Tensor x = erasing.train(Tensor.full(9, 4, 3, 40, 40), random);
    Tensor erased = x.ne(9).toFloat();
    double share = erased.mean().item();
    assertThat(share).isBetween(0.15, 0.32);
    assertThat(erased.std(0).max().item()).isEqualTo(0);
    assertThat(x.maskedSelect(x.ne(9)).mean().item()).isBetween(-0.1, 0.1);
    assertThat(x.maskedSelect(x.ne(9)).std().item()).isBetween(0.9, 1.1);
    Tensor y = Tensor.ones(1, 1, 4, 4);
    assertThat(new RandomErasing(0, 0.2, 0.3, 0.3, 1).train(y, random)).isSameAs(y);
  }

  @Test
  void replacesATransformOfTheSameClassAndSortsByOrder() {
    ImageOptions o =
        new ImageOptions()
            .itemTfms(Resize.to(9), CropPad.to(5), Resize.to(7))
            .batchTfms(Normalize.MNIST, AugTransforms.standard());
    assertThat(o.itemTfms).containsExactly(CropPad.to(5), Resize.to(7));
    assertThat(o.batchTfms).last().isSameAs(Normalize.MNIST);
    ItemTransform once = Image::invert;
    ItemTransform twice = image -> image.invert();
    assertThat(new ImageOptions().itemTfms(once, twice, once).itemTfms).hasSize(3);
  }

  @Test
  void namesTheSizesThatCannotBe() {
    assertThatThrownBy(() -> Resize.to(0)).hasMessage("Resize to 0 x 0: both must be at least 1");
    assertThatThrownBy(() -> Normalize.IMAGENET.valid(Tensor.zeros(1, 1, 2, 2)))
        .hasMessage("normalize: statistics of 3 channels for images of 1");
  }
}
