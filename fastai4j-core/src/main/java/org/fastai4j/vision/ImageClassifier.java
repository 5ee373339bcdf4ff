package org.fastai4j.vision;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Safetensors;
import org.fastai4j.nn.Module;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * A trained model with the names of its classes: saved as one safetensors file, read anywhere.
 *
 * <p>The file's metadata has {@code format} ({@value #FORMAT}), {@code arch}, {@code vocab} (a JSON
 * list) and whatever the trainer adds about where the model comes from. Reading one runs no code of
 * the file's.
 */
public final class ImageClassifier {
  private static final String FORMAT = "fastai4j-1";

  private final Module model;
  private final String arch;
  private final List<String> vocab;

  private ImageClassifier(Module model, String arch, List<String> vocab) {
    this.model = model;
    this.arch = arch;
    this.vocab = List.copyOf(vocab);
  }

  /**
   * What a model makes of an image.
   *
   * @param label the most probable class
   * @param probability how probable it is, 0..1
   * @param probabilities of every class, in the order of the vocabulary
   */
  public record Prediction(String label, double probability, List<Double> probabilities) {}

  /**
   * A classifier of a trained model, which is put into evaluation mode.
   *
   * @param arch one of {@link Models#names()}
   * @param vocab the classes in the order of the outputs; with a single output, the class of 0 and
   *     the class of 1
   */
  public static ImageClassifier of(Module model, String arch, List<String> vocab) {
    if (!Models.names().contains(arch)) {
      throw new IllegalArgumentException(
          "no net is called '" + arch + "'; there are " + String.join(", ", Models.names()));
    }
    model.eval();
    return new ImageClassifier(model, arch, vocab);
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws FormatException if the file is another's, or its weights are not those of its
   *     architecture
   */
  public static ImageClassifier load(Path file) {
    Safetensors.Contents contents = Safetensors.load(file);
    Map<String, String> metadata = contents.metadata();
    if (!FORMAT.equals(metadata.get("format"))) {
      throw new FormatException(
          file
              + " is a safetensors file, but no model of fastai4j's: its metadata has no 'format'"
              + " of '"
              + FORMAT
              + "'");
    }
    String arch = metadata.getOrDefault("arch", "");
    List<String> vocab = vocab(file, metadata.getOrDefault("vocab", "[]"));
    try {
      Module model = Models.create(arch, vocab.size());
      model.loadStateDict(contents.tensors());
      return of(model, arch, vocab);
    } catch (TensorException e) {
      throw new FormatException(file + ": " + e.getMessage(), e);
    }
  }

  /** Writes weights, architecture, vocabulary and provenance to one file, or nothing at all. */
  public void save(Path file, Map<String, String> provenance) {
    Map<String, String> metadata = new LinkedHashMap<>(provenance);
    metadata.put("format", FORMAT);
    metadata.put("arch", arch);
    metadata.put("vocab", new Gson().toJson(vocab));
    Safetensors.save(file, model.stateDict(), metadata);
  }

  /** The classes, in the order of the outputs. */
  public List<String> vocab() {
    return vocab;
  }

  /** The name of the architecture. */
  public String arch() {
    return arch;
  }

  /**
   * What the model sees on an image of any size: the digit on it, dark on light or light on dark,
   * is cut out and centered as in MNIST first.
   */
  public Prediction predict(Image image) {
    Image digit = DigitImage.prepare(image);
    double[] p =
        Autograd.noGrad(
            () ->
                Scope.compute(
                    () -> {
                      Tensor x = digit.tensor().toFloat().div(255);
                      Tensor y = model.forward(takesRows() ? x.view(1, -1) : x.view(1, 1, 28, 28));
                      if (y.size(-1) == 1) {
                        double one = y.sigmoid().item();
                        return new double[] {1 - one, one};
                      }
                      return y.softmax(-1).toDoubleArray();
                    }));
    int best = 0;
    for (int i = 1; i < p.length; i++) {
      best = p[i] > p[best] ? i : best;
    }
    return new Prediction(vocab.get(best), p[best], Arrays.stream(p).boxed().toList());
  }

  /** Whether the net begins with a linear layer, which takes an image as one row of pixels. */
  private boolean takesRows() {
    return model.parameters().get(0).dim() == 2;
  }

  private static List<String> vocab(Path file, String json) {
    String[] names;
    try {
      names = new Gson().fromJson(json, String[].class);
    } catch (JsonSyntaxException e) {
      throw new FormatException(file + ": 'vocab' is no JSON list of names: " + json, e);
    }
    if (names == null || Arrays.stream(names).anyMatch(Objects::isNull)) {
      throw new FormatException(file + ": 'vocab' is no JSON list of names: " + json);
    }
    if (names.length < 2) {
      throw new FormatException(file + ": 'vocab' names fewer than two classes: " + json);
    }
    return List.of(names);
  }
}
