package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Safetensors;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.Module;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.OnnxRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageClassifierTest {
  private static final List<String> VOCAB = List.of("3", "7");

  private final Path file;

  ImageClassifierTest(@TempDir Path folder) {
    file = folder.resolve("model.safetensors");
  }

  /** An upright stroke. */
  private static Image stroke() {
    byte[] pixels = new byte[28 * 28];
    for (int y = 4; y < 24; y++) {
      pixels[y * 28 + 13] = (byte) 200;
      pixels[y * 28 + 14] = (byte) 255;
    }
    return Image.fromBytes("L", 28, 28, pixels);
  }

  private static Map<String, String> metadata(String arch, String vocab) {
    return Map.of("format", "fastai4j-1", "arch", arch, "vocab", vocab);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "simple_net", "simple_cnn"})
  void readsBackTheSameOutputsToTheBit(String arch) {
    Module model = Models.create(arch, 2);
    ImageClassifier classifier = ImageClassifier.of(model, arch, VOCAB);
    classifier.save(file, Map.of("seed", "42"));
    ImageClassifier read = ImageClassifier.load(file);
    assertThat(read.arch()).isEqualTo(arch);
    assertThat(read.vocab()).isEqualTo(VOCAB);
    assertThat(read.predict(stroke()).probabilities())
        .isEqualTo(classifier.predict(stroke()).probabilities());
    assertThat(Safetensors.load(file).metadata()).containsEntry("seed", "42");
  }

  @Test
  void keepsItsOwnKeysWhateverTheProvenanceSays() {
    ImageClassifier classifier = ImageClassifier.of(Models.create("linear", 2), "linear", VOCAB);
    classifier.save(file, Map.of("format", "mine", "vocab", "none"));
    assertThat(ImageClassifier.load(file).vocab()).isEqualTo(VOCAB);
  }

  @Test
  void givesTheMostProbableLabelAndProbabilitiesThatAddUp() {
    Torch.manualSeed(5);
    ImageClassifier ten =
        ImageClassifier.of(
            Models.create("simple_cnn", 10),
            "simple_cnn",
            List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
    ImageClassifier.Prediction p = ten.predict(stroke());
    assertThat(p.probabilities()).hasSize(10);
    double sum = 0;
    for (double each : p.probabilities()) {
      sum += each;
      assertThat(each).isLessThanOrEqualTo(p.probability());
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    assertThat(p.probabilities().get(Integer.parseInt(p.label()))).isEqualTo(p.probability());
  }

  @Test
  void predictsInEvaluationMode() {
    Module model = Models.create("simple_cnn", 2);
    Tensor mean = requireNonNull(model.stateDict().get("1.running_mean"));
    assertThat(model.isTraining()).isTrue();
    ImageClassifier.of(model, "simple_cnn", VOCAB).predict(stroke());
    assertThat(model.isTraining()).isFalse();
    assertThat(mean.abs().sum().item()).isZero(); // no statistics were gathered
  }

  @Test
  void refusesAnArchitectureItCannotBuild() {
    assertThatThrownBy(() -> ImageClassifier.of(Models.create("linear", 2), "vgg16", VOCAB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "no net is called 'vgg16'; there are linear, simple_net, simple_cnn");
    assertThatThrownBy(() -> Models.create("vgg16", 2)).isInstanceOf(TensorException.class);
    Safetensors.save(
        file, Models.create("linear", 2).stateDict(), metadata("vgg16", "[\"3\",\"7\"]"));
    assertRefused(
        file + ": no net is called 'vgg16'; there are " + String.join(", ", Models.names()));
  }

  /** A picture of 40 x 30 that is red on the left and blue on the right. */
  private static Image flag() {
    byte[] pixels = new byte[40 * 30 * 3];
    for (int i = 0; i < 40 * 30; i++) {
      pixels[3 * i + (i % 40 < 20 ? 0 : 2)] = (byte) 255;
    }
    return Image.fromBytes("RGB", 40, 30, pixels);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "xresnet18"})
  void readsBackAClassifierOfPhotographs(String arch) {
    ImageInput input = ImageInput.photographs(32);
    for (Module model :
        List.of(Models.create(arch, 3), VisionModels.create(arch, 3, 3, VisionHead.standard()))) {
      ImageClassifier classifier = ImageClassifier.of(model, arch, List.of("a", "b", "c"), input);
      classifier.save(file, Map.of("seed", "42"));
      ImageClassifier read = ImageClassifier.load(file);
      assertThat(read.input()).isEqualTo(input);
      assertThat(read.provenance()).isEqualTo(Map.of("seed", "42"));
      assertThat(read.predict(flag()).probabilities())
          .isEqualTo(classifier.predict(flag()).probabilities());
    }
  }

  @Test
  void seesTheMiddleOfAPhotographAsInValidation() {
    byte[] ramp = new byte[8 * 4];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (8 * (i % 8) + 64 * (i / 8));
    }
    Image seen = ImageInput.grey(4, 4).prepare(Image.fromBytes("L", 8, 4, ramp));
    assertThat(seen.pixel(0, 0, 0)).isEqualTo(16); // fastai's Resize(4)
    assertThat(seen.pixel(3, 3, 0)).isEqualTo(232);
    Tensor x = ImageInput.photographs(20).batch(List.of(flag(), flag().convert("L")));
    assertThat(x.shape().toArray()).containsExactly(2, 3, 20, 20);
    assertThat(x.get(0, 0, 5, 0).item()).isCloseTo((1 - 0.485) / 0.229, within(1e-4));
    assertThat(x.get(0, 2, 5, 19).item()).isCloseTo((1 - 0.406) / 0.225, within(1e-4));
    assertThat(x.get(0, 1, 5, 19).item()).isCloseTo(-0.456 / 0.224, within(1e-4));
  }

  @Test
  void predictsManyImagesAsItPredictsEach() {
    ImageClassifier classifier =
        ImageClassifier.of(
            Models.create("simple_cnn", 3, 3),
            "simple_cnn",
            List.of("a", "b", "c"),
            ImageInput.color(28, 28));
    List<Image> images = new ArrayList<>();
    for (int i = 0; i < 70; i++) { // more than one batch
      images.add(flag().resize(28 + i, 30));
    }
    List<ImageClassifier.Prediction> all = classifier.predict(images);
    assertThat(all).hasSize(70);
    for (int i : new int[] {0, 63, 64, 69}) {
      ImageClassifier.Prediction alone = classifier.predict(images.get(i));
      assertThat(all.get(i).label()).isEqualTo(alone.label());
      assertThat(all.get(i).probability()).isCloseTo(alone.probability(), within(1e-5));
    }
    assertThat(classifier.predict(List.of())).isEmpty();
  }

  @Test
  void savesWithoutDrawingRandomNumbers() {
    ImageClassifier classifier = ImageClassifier.of(Models.create("linear", 2), "linear", VOCAB);
    Torch.manualSeed(7);
    double expected = Tensor.rand(1).item();
    Torch.manualSeed(7);
    classifier.save(file, Map.of());
    ImageClassifier.load(file);
    assertThat(Tensor.rand(1).item()).isEqualTo(expected);
  }

  @Test
  void refusesToSaveWhatCouldNotBeRead() {
    Module custom = VisionModels.create("resnet18", 2, 3, VisionHead.standard().withHidden(64));
    ImageClassifier classifier =
        ImageClassifier.of(custom, "resnet18", VOCAB, ImageInput.photographs(32));
    assertThatThrownBy(() -> classifier.save(file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the model is no resnet18 for 2 classes and 3 channels");
    assertThat(file).doesNotExist();
    assertThatThrownBy(
            () ->
                ImageClassifier.of(
                    Models.create("linear", 2), "linear", VOCAB, ImageInput.grey(20, 20)))
        .hasMessage("linear takes rows of 784 numbers, but the images have 400");
  }

  @Test
  void refusesAnInputThatIsNone() {
    Map<String, Tensor> state = Models.create("linear", 2).stateDict();
    Map<String, String> metadata = new HashMap<>(metadata("linear", "[\"3\",\"7\"]"));
    metadata.put("format", "fastai4j-2");
    for (String input : List.of("", "[", "{\"channels\":2}")) {
      metadata.put("input", input);
      Safetensors.save(file, state, metadata);
      assertRefused(file + ": 'input' is no description of images: " + input);
    }
  }

  @Test
  void writesOnnxThatGivesTheSameProbabilities() {
    Path onnx = file.resolveSibling("model.onnx");
    Module model = VisionModels.create("resnet18", 3, 3, VisionHead.standard());
    ImageInput input = ImageInput.photographs(48);
    List<String> vocab = List.of("a", "b", "c");
    ImageClassifier classifier = ImageClassifier.of(model, "resnet18", vocab, input);
    classifier.saveOnnx(onnx);
    Tensor raw = input.withNormalization(List.of(), List.of()).batch(List.of(flag()));
    double[] p = OnnxRuntime.run(onnx, raw.contiguous()).softmax(-1).toDoubleArray();
    List<Double> expected = classifier.predict(flag()).probabilities();
    for (int i = 0; i < 3; i++) {
      assertThat(p[i]).isCloseTo(expected.get(i), within(1e-5));
    }
    assertThat(OnnxRuntime.metadata(onnx))
        .containsEntry("vocab", "[\"a\",\"b\",\"c\"]")
        .containsEntry("arch", "resnet18")
        .containsKey("input");
    ImageClassifier rows = ImageClassifier.of(Models.create("linear", 2), "linear", VOCAB);
    rows.saveOnnx(onnx);
    Tensor logit = OnnxRuntime.run(onnx, ImageInput.DIGITS.batch(List.of(stroke())).view(1, -1));
    assertThat(rows.predict(stroke()).probabilities().get(1))
        .isCloseTo(logit.sigmoid().item(), within(1e-5));
  }

  /** Images that are bright at the top or at the bottom. */
  private static DataLoaders halves(int side) {
    Tensor x = Tensor.rand(32, 1, side, side).mul(0.2);
    for (int i = 0; i < 32; i++) {
      x.get(i, 0).narrow(0, i % 2 * side / 2, side / 2).add_(0.8);
    }
    TensorDataset items = TensorDataset.of(x, Tensor.arange(32).remainder(2).toLong());
    return DataLoaders.of(items, items, 8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple_net", "simple_cnn"})
  void trainsFurtherWhatItReads(String arch) {
    Torch.manualSeed(1);
    DataLoaders dls = halves(28);
    ImageClassifier classifier =
        ImageClassifier.create(arch, List.of("top", "bottom"), ImageInput.grey(28, 28));
    Learner learn = classifier.learner(dls).quiet().build();
    double before = learn.validate().get(0);
    learn.fit(1, 1e-3);
    List<Double> after = learn.validate();
    assertThat(after.get(0)).isLessThan(before);
    classifier.save(file, Map.of());
    Learner again = ImageClassifier.load(file).learner(dls).quiet().build();
    assertThat(again.validate()).isEqualTo(after);
    again.fit(4, 1e-2);
    assertThat(again.validate().get(0)).isLessThan(after.get(0));
    assertThat(again.validate().get(1)).isGreaterThan(0.9);
  }

  @Test
  void trainsBodyAndHeadInGroups() {
    ImageClassifier photos =
        ImageClassifier.create("resnet18", List.of("a", "b"), ImageInput.grey(32, 32));
    Learner learn = photos.learner(halves(32)).quiet().build();
    assertThat(learn.optimizer().groups()).hasSize(3);
    assertThat(learn.validate()).hasSize(2);
  }

  @Test
  void refusesAFileFromElsewhere() {
    Safetensors.save(file, Map.of("weight", Tensor.ones(2)), Map.of("format", "pt"));
    assertRefused(
        file
            + " is a safetensors file, but no model of fastai4j's: its metadata has no 'format' of"
            + " 'fastai4j-1' or 'fastai4j-2'");
  }

  @Test
  void refusesAFileThatIsNoSafetensors() throws IOException {
    Files.writeString(file, "weights, honestly");
    assertThatThrownBy(() -> ImageClassifier.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void refusesAFileThatLacksWeights() {
    Map<String, Tensor> state = new HashMap<>(Models.create("simple_net", 2).stateDict());
    state.remove("2.bias");
    Safetensors.save(file, state, metadata("simple_net", "[\"3\",\"7\"]"));
    assertThatThrownBy(() -> ImageClassifier.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining("no '2.bias' [1] in the file");
  }

  @Test
  void refusesAVocabularyThatIsNone() {
    Map<String, Tensor> state = Models.create("linear", 2).stateDict();
    Safetensors.save(file, state, metadata("linear", "3 and 7"));
    assertRefused(file + ": 'vocab' is no JSON list of names: 3 and 7");
    Safetensors.save(file, state, metadata("linear", "[\"3\"]"));
    assertRefused(file + ": 'vocab' names fewer than two classes: [\"3\"]");
    Safetensors.save(file, state, metadata("linear", "[\"3\", null]"));
    assertRefused(file + ": 'vocab' is no JSON list of names: [\"3\", null]");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> ImageClassifier.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(message);
  }
}
