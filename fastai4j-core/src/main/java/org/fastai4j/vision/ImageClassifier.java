package org.fastai4j.vision;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Safetensors;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.OnnxExport;
import org.fastai4j.nn.Sequential;
import org.fastai4j.nn.Threads;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;

/**
 * A model with the names of its classes and what it sees of an image: trained, saved as one
 * safetensors file, read anywhere.
 *
 * <pre>{@code
 * var classifier = ImageClassifier.create("resnet18", dls.vocab(), ImageInput.color(128, 128));
 * classifier.learner(dls).build().fitOneCycle(5, 3e-3);
 * classifier.save(file, Map.of("seed", "42"));
 * ImageClassifier.load(file).predict(Image.open(photo)).label();
 * }</pre>
 *
 * <p>The file's metadata has {@code format}, {@code arch}, {@code vocab} (a JSON list), {@code
 * input} (an {@link ImageInput} as JSON) and whatever the trainer adds about where the model comes
 * from. The format is {@value #DIGITS_FORMAT} without an {@code input}, for digits, and {@value
 * #FORMAT} with one. Reading a file runs no code of the file's.
 *
 * <p>Threads may share a classifier.
 */
public final class ImageClassifier {
  private static final String DIGITS_FORMAT = "fastai4j-1";
  private static final String FORMAT = "fastai4j-2";

  /** Images that go through the net at once. */
  private static final int BATCH = 64;

  private final Module model;
  private final String arch;
  private final List<String> vocab;
  private final ImageInput input;
  private final Map<String, String> provenance;
  private final Tensor firstWeight;

  private ImageClassifier(
      Module model,
      String arch,
      List<String> vocab,
      ImageInput input,
      Map<String, String> provenance) {
    this.model = model;
    this.arch = arch;
    this.vocab = List.copyOf(vocab);
    this.input = input;
    this.provenance = new LinkedHashMap<>(provenance);
    this.firstWeight = model.parameters().get(0);
    if (takesRows() && firstWeight.size(1) != pixels()) {
      throw new IllegalArgumentException(
          "%s takes rows of %d numbers, but the images have %d"
              .formatted(arch, firstWeight.size(1), pixels()));
    }
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
   * A classifier of {@link ImageInput#DIGITS}; see {@link #of(Module, String, List, ImageInput)}.
   */
  public static ImageClassifier of(Module model, String arch, List<String> vocab) {
    return of(model, arch, vocab, ImageInput.DIGITS);
  }

  /**
   * A classifier of a trained model, which is put into evaluation mode.
   *
   * @param model as {@link Models#create} makes it, or {@link VisionModels#create} with the
   *     standard head
   * @param arch one of {@link Models#names()}
   * @param vocab the classes in the order of the outputs; with a single output, the class of 0 and
   *     the class of 1
   */
  public static ImageClassifier of(
      Module model, String arch, List<String> vocab, ImageInput input) {
    if (!Models.names().contains(arch)) {
      throw new IllegalArgumentException(
          "no net is called '" + arch + "'; there are " + String.join(", ", Models.names()));
    }
    model.eval();
    return new ImageClassifier(model, arch, vocab, input, Map.of());
  }

  /**
   * A classifier to be trained: with fastai's head on the body of a residual net, as {@link Models}
   * makes it otherwise.
   */
  public static ImageClassifier create(String arch, List<String> vocab, ImageInput input) {
    return of(
        VisionModels.hasBody(arch)
            ? VisionModels.create(arch, vocab.size(), input.channels(), VisionHead.standard())
            : Models.create(arch, vocab.size(), input.channels()),
        arch,
        vocab,
        input);
  }

  /** As {@link #create}, with a body from {@link VisionModels#createPretrainedBody}. */
  public static ImageClassifier createPretrained(
      String arch, List<String> vocab, ImageInput input) {
    return of(
        VisionModels.createPretrained(arch, vocab.size(), input.channels(), VisionHead.standard()),
        arch,
        vocab,
        input);
  }

  /**
   * Reads what {@link #save} wrote; fastai's {@code load_learner}, but no code of the file's runs.
   * {@link #learner} trains it further.
   *
   * @throws FormatException if the file is another's, or its weights are not those of its
   *     architecture
   */
  public static ImageClassifier load(Path file) {
    Safetensors.Contents contents = Safetensors.load(file);
    Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
    String format = metadata.getOrDefault("format", "");
    if (!format.equals(DIGITS_FORMAT) && !format.equals(FORMAT)) {
      throw new FormatException(
          ("%s is a safetensors file, but no model of fastai4j's: its metadata has no 'format' of"
                  + " '%s' or '%s'")
              .formatted(file, DIGITS_FORMAT, FORMAT));
    }
    String arch = metadata.getOrDefault("arch", "");
    List<String> vocab = vocab(file, metadata.getOrDefault("vocab", "[]"));
    ImageInput input =
        format.equals(FORMAT) ? input(file, metadata.getOrDefault("input", "")) : ImageInput.DIGITS;
    metadata.keySet().removeAll(Set.of("format", "arch", "vocab", "input"));
    try {
      Module model = untrained(arch, vocab.size(), input, contents.tensors().keySet());
      model.loadStateDict(contents.tensors());
      return new ImageClassifier(model.eval(), arch, vocab, input, metadata);
    } catch (TensorException | IllegalArgumentException e) {
      throw new FormatException(file + ": " + e.getMessage(), e);
    }
  }

  /** The net whose weights have these names: with fastai's head, they all begin with 0 or 1. */
  private static Module untrained(String arch, int classes, ImageInput input, Set<String> names) {
    boolean headed = names.stream().allMatch(n -> n.startsWith("0.") || n.startsWith("1."));
    Tensor random = Torch.getRngState(); // the weights to be drawn are thrown away
    try {
      return headed && VisionModels.hasBody(arch)
          ? VisionModels.create(arch, classes, input.channels(), VisionHead.standard())
          : Models.create(arch, classes, input.channels());
    } finally {
      Torch.setRngState(random);
    }
  }

  /**
   * Writes weights, architecture, vocabulary, input and provenance to one file, or nothing at all.
   *
   * @throws IllegalArgumentException if the model is not of its architecture, so that nobody could
   *     read it
   */
  public void save(Path file, Map<String, String> provenance) {
    Map<String, Shape> again =
        Scope.compute(
            () -> shapes(untrained(arch, vocab.size(), input, model.stateDict().keySet())));
    if (!shapes(model).equals(again)) {
      throw new IllegalArgumentException(
          ("the model is no %s for %d classes and %d channels as Models or VisionModels make it, and"
                  + " could not be read again; save its stateDict with Safetensors instead")
              .formatted(arch, vocab.size(), input.channels()));
    }
    Map<String, String> metadata = new LinkedHashMap<>(this.provenance);
    metadata.putAll(provenance);
    metadata.putAll(description());
    Safetensors.save(file, model.stateDict(), metadata);
  }

  private static Map<String, Shape> shapes(Module model) {
    Map<String, Shape> out = new LinkedHashMap<>();
    model.stateDict().forEach((name, t) -> out.put(name, t.shape()));
    return out;
  }

  /**
   * Writes the net for other programs, as {@link OnnxExport} does: from values in 0..1, {@code
   * [batch, channels, height, width]} or rows of pixels, to what comes before the softmax (or, with
   * a single output, the sigmoid). Normalization is part of it; the metadata is as in {@link
   * #save}.
   */
  public void saveOnnx(Path file) {
    Map<String, String> metadata = new LinkedHashMap<>(provenance);
    metadata.putAll(description());
    OnnxExport export =
        takesRows()
            ? new OnnxExport(model, pixels())
            : new OnnxExport(model, input.channels(), input.height(), input.width());
    if (!input.mean().isEmpty()) {
      export = export.withNormalization(array(input.mean()), array(input.std()));
    }
    export.withMetadata(metadata).save(file);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }

  private Map<String, String> description() {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("format", input.equals(ImageInput.DIGITS) ? DIGITS_FORMAT : FORMAT);
    out.put("arch", arch);
    out.put("vocab", new Gson().toJson(vocab));
    if (!input.equals(ImageInput.DIGITS)) {
      out.put("input", new Gson().toJson(input));
    }
    return out;
  }

  /**
   * What trains the model further on images of {@link #input}, or measures it: its loss, accuracy
   * and groups of parameters are set. Of images for a net that takes rows, rows are made.
   */
  public Learner.Builder learner(DataLoaders dls) {
    Learner.Builder builder = Learner.builder(takesRows() ? new Rows(dls) : dls, model);
    if (VisionModels.hasBody(arch) && model instanceof Sequential net && net.layers().size() == 2) {
      builder.splitter(m -> VisionModels.splitter(arch, net));
    }
    if (isSingle()) {
      return builder
          .loss(new BCEWithLogitsLoss())
          .metric("accuracy", (y, targets) -> y.flatten().gt(0).eq(targets).toFloat().mean());
    }
    return builder.loss(new CrossEntropyLoss()).metric(Metrics.accuracy());
  }

  /** Data whose images are rows of pixels. */
  private static final class Rows extends DataLoaders {
    private final DataLoaders images;

    Rows(DataLoaders images) {
      super(rows(images.train()), rows(images.valid()));
      this.images = images;
    }

    private static DataLoader<Batch> rows(DataLoader<Batch> batches) {
      return batches.map(b -> new Batch(b.x().flatten(1, -1), b.y()));
    }

    @Override
    public List<String> vocab() {
      return images.vocab();
    }

    @Override
    public DataLoader<Batch> testDl(List<?> items) {
      return rows(images.testDl(items));
    }
  }

  /** The net itself. */
  public Module model() {
    return model;
  }

  /** The classes, in the order of the outputs. */
  public List<String> vocab() {
    return vocab;
  }

  /** The name of the architecture. */
  public String arch() {
    return arch;
  }

  /** What the model sees of an image. */
  public ImageInput input() {
    return input;
  }

  /** What the trainer said of the model's origin, from the file that it was read from. */
  public Map<String, String> provenance() {
    return new LinkedHashMap<>(provenance);
  }

  /** What the model makes of an image of any size. */
  public Prediction predict(Image image) {
    return predict(List.of(image)).get(0);
  }

  /** What the model makes of images of any sizes, in their order. */
  public List<Prediction> predict(List<Image> images) {
    return inBatches(images, input::batch);
  }

  /** As {@link #predict(List)}, of images that {@link ImageInput#prepare} has prepared before. */
  public List<Prediction> predictPrepared(List<Image> images) {
    return inBatches(images, input::preparedBatch);
  }

  private List<Prediction> inBatches(List<Image> images, Function<List<Image>, Tensor> batch) {
    List<Prediction> out = new ArrayList<>(images.size());
    for (int from = 0; from < images.size(); from += BATCH) {
      List<Image> some = images.subList(from, Math.min(from + BATCH, images.size()));
      double[] p =
          Torch.withNumThreads(
              Threads.toPredict(model),
              () -> Autograd.noGrad(() -> Scope.compute(() -> probabilities(batch.apply(some)))));
      int classes = p.length / some.size();
      for (int i = 0; i < p.length; i += classes) {
        out.add(prediction(Arrays.copyOfRange(p, i, i + classes)));
      }
    }
    return out;
  }

  /** Those of every class, image by image. */
  private double[] probabilities(Tensor images) {
    Tensor x = images.to(firstWeight.device());
    Tensor y = model.forward(takesRows() ? x.reshape(x.size(0), -1) : x);
    if (y.size(-1) > 1) {
      return y.softmax(-1).toDoubleArray();
    }
    Tensor one = y.sigmoid().view(-1, 1);
    return Tensor.cat(List.of(one.rsub(1), one), 1).toDoubleArray();
  }

  private Prediction prediction(double... p) {
    int best = 0;
    for (int i = 1; i < p.length; i++) {
      best = p[i] > p[best] ? i : best;
    }
    return new Prediction(vocab.get(best), p[best], Arrays.stream(p).boxed().toList());
  }

  /** Whether one output, of the class 1, stands for two classes. */
  private boolean isSingle() {
    List<Tensor> parameters = model.parameters();
    return parameters.get(parameters.size() - 1).size(0) == 1;
  }

  /** Whether the net begins with a linear layer, which takes an image as one row of pixels. */
  private boolean takesRows() {
    return firstWeight.dim() == 2;
  }

  private long pixels() {
    return (long) input.channels() * input.height() * input.width();
  }

  private static ImageInput input(Path file, String json) {
    try {
      ImageInput input = new Gson().fromJson(json, ImageInput.class);
      if (input != null) {
        return input;
      }
    } catch (RuntimeException e) { // Gson wraps what the constructor throws in a bare one
      throw new FormatException(file + ": 'input' is no description of images: " + json, e);
    }
    throw new FormatException(file + ": 'input' is no description of images: " + json);
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
