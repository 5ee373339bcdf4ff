package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Safetensors;
import org.fastai4j.nn.Module;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
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
    assertThatThrownBy(() -> ImageClassifier.of(Models.create("linear", 2), "resnet18", VOCAB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no net is called 'resnet18'; there are linear, simple_net, simple_cnn");
    assertThatThrownBy(() -> Models.create("resnet18", 2)).isInstanceOf(TensorException.class);
    Safetensors.save(
        file, Models.create("linear", 2).stateDict(), metadata("resnet18", "[\"3\",\"7\"]"));
    assertRefused(file + ": no net is called 'resnet18'; there are linear, simple_net, simple_cnn");
  }

  @Test
  void refusesAFileFromElsewhere() {
    Safetensors.save(file, Map.of("weight", Tensor.ones(2)), Map.of("format", "pt"));
    assertRefused(
        file
            + " is a safetensors file, but no model of fastai4j's: its metadata has no 'format' of"
            + " 'fastai4j-1'");
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
