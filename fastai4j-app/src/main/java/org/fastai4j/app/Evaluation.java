package org.fastai4j.app;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dflib.DataFrame;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.interpret.ClassificationInterpretation;
import org.fastai4j.interpret.Confusion;
import org.fastai4j.interpret.TopLoss;
import org.fastai4j.metrics.ClassCounts;
import org.fastai4j.plot.StyledTable;
import org.fastai4j.tensor.Device;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageDataLoaders;
import org.fastai4j.vision.Images;

/**
 * What a saved model makes of images whose classes are known.
 *
 * @param model the file
 * @param classifier what is in it
 * @param data the data's name
 * @param images the images measured
 * @param which says which of the data they are
 * @param leftOut those of the data that could not be read
 * @param interp what came out
 * @param seconds how long it took
 */
record Evaluation(
    Path model,
    ImageClassifier classifier,
    String data,
    SeenImages images,
    String which,
    List<Images.BadImage> leftOut,
    ClassificationInterpretation interp,
    double seconds) {
  private static final int LARGEST_MATRIX = 20;
  private static final int CONFUSED = 5;

  static Evaluation of(
      Path model, DataRequest data, boolean all, Device device, Terminal terminal, boolean quiet) {
    ImageClassifier classifier = ModelFile.load(model);
    ImageFolder folder = ImageFolder.find(data.data(), terminal, quiet);
    Chosen chosen =
        all
            ? everything(folder, data.skipCorrupt())
            : UserData.read(() -> choose(folder, data, classifier.provenance()));
    List<Path> files = chosen.files;
    if (files.isEmpty()) {
      throw new CliException(
          Main.USAGE,
          chosen.leftOut.isEmpty()
              ? "--data %s: there are no images for validation; --all takes them all"
                  .formatted(data.data())
              : "--data %s: no image can be read: %s"
                  .formatted(data.data(), chosen.leftOut.get(0)));
    }
    long start = System.nanoTime();
    SeenImages images =
        new SeenImages(files, targets(files, model, classifier), classifier.input());
    DataLoader<Batch> batches = DataLoader.of(images, data.batchSize().orElse(64));
    ClassificationInterpretation interp =
        ClassificationInterpretation.of(
            UserData.read(
                classifier.learner(new DataLoaders(batches, batches)).quiet().build().to(device)
                    ::getPreds),
            classifier.vocab());
    return new Evaluation(
        model,
        classifier,
        data.data(),
        images,
        chosen.which,
        chosen.leftOut,
        interp,
        (System.nanoTime() - start) / 1e9);
  }

  private record Chosen(List<Path> files, String which, List<Images.BadImage> leftOut) {}

  private static Chosen everything(ImageFolder folder, boolean skipCorrupt) {
    return readable(folder.files(), "all of the data", skipCorrupt);
  }

  private static Chosen readable(List<Path> files, String which, boolean skipCorrupt) {
    List<Images.BadImage> bad = skipCorrupt ? Images.verifyImages(files) : List.of();
    Set<Path> unreadable = bad.stream().map(Images.BadImage::file).collect(Collectors.toSet());
    return new Chosen(
        files.stream().filter(file -> !unreadable.contains(file)).toList(), which, bad);
  }

  /** Those that the model has not been trained on, as far as can be told. */
  private static Chosen choose(
      ImageFolder folder, DataRequest data, Map<String, String> provenance) {
    boolean same = folder.digest().equals(provenance.get("data_digest"));
    boolean divided =
        Stream.of("valid", "val", "testing", "test")
            .anyMatch(name -> Files.isDirectory(folder.path().resolve(name)));
    if (same) {
      String share = provenance.getOrDefault("valid_pct", "");
      DataRequest again =
          new DataRequest(
              data.data(),
              share.isEmpty()
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(Double.parseDouble(share)),
              data.size(),
              data.channels(),
              data.batchSize(),
              Long.parseLong(provenance.getOrDefault("seed", "42")),
              data.skipCorrupt());
      ImageDataLoaders images =
          ImageDataLoaders.fromFolder(folder.path(), o -> Workbench.split(o, again));
      return new Chosen(images.validFiles(), "those that training kept aside", images.leftOut());
    }
    if (divided) {
      return readable(
          Stream.of("valid", "val", "testing", "test")
              .map(folder.path()::resolve)
              .filter(Files::isDirectory)
              .findFirst()
              .map(ItemPaths::getImageFiles)
              .map(List::<Path>copyOf)
              .orElseThrow(),
          "those for validation",
          data.skipCorrupt());
    }
    return everything(folder, data.skipCorrupt());
  }

  private static List<Integer> targets(List<Path> files, Path model, ImageClassifier classifier) {
    List<String> vocab = classifier.vocab();
    return files.stream()
        .map(
            file -> {
              String label = ItemPaths.parentLabel(file);
              int number = vocab.indexOf(label);
              if (number < 0) {
                throw new CliException(
                    Main.USAGE,
                    "%s lies in '%s', which is no class that %s knows: %s"
                        .formatted(file, label, model, String.join(", ", vocab)));
              }
              return number;
            })
        .toList();
  }

  /** The figures, the matrix if it is small, and the report of each class. */
  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "Model     %s (%s)%nImages    %d of %s: %s%nAccuracy  %.2f %%, loss %.4f%n%n",
            model,
            classifier.arch(),
            images.size(),
            data,
            which,
            100 * interp.accuracy(),
            interp.loss()));
    UserData.leftOut(leftOut).ifPresent(line -> out.append(line).append("\n\n"));
    if (classifier.vocab().size() <= LARGEST_MATRIX) {
      out.append(matrix().text()).append('\n');
    }
    out.append(interp.classificationReport());
    List<Confusion> confused = interp.mostConfused();
    if (!confused.isEmpty()) {
      out.append("\nMost confused\n");
      confused.stream()
          .limit(CONFUSED)
          .forEach(
              c ->
                  out.append(
                      String.format(
                          "  %s taken for %s: %d%n", c.actual(), c.predicted(), c.count())));
    }
    return out.append('\n').toString();
  }

  /** A row for each actual class, a column for each predicted. */
  private StyledTable matrix() {
    String[] names =
        Stream.concat(Stream.of("actual"), classifier.vocab().stream()).toArray(String[]::new);
    long[][] counts = interp.confusionMatrix();
    Object[] cells =
        IntStream.range(0, counts.length)
            .boxed()
            .flatMap(
                row ->
                    Stream.concat(
                        Stream.of((Object) classifier.vocab().get(row)),
                        Arrays.stream(counts[row]).<Object>mapToObj(n -> n)))
            .toArray();
    return StyledTable.of(DataFrame.foldByRow(names).of(cells)).hideIndex();
  }

  JsonObject toJson(int top) {
    JsonObject out = new JsonObject();
    out.addProperty("model", model.toString());
    out.addProperty("arch", classifier.arch());
    out.addProperty("data", data);
    out.addProperty("which", which);
    out.addProperty("images", images.size());
    out.addProperty("left_out", leftOut.size());
    out.addProperty("accuracy", interp.accuracy());
    out.addProperty("loss", interp.loss());
    out.addProperty("seconds", seconds);
    out.addProperty("images_per_second", images.size() / seconds);
    JsonArray classes = new JsonArray();
    List<ClassCounts> counts = interp.perClass();
    for (int i = 0; i < counts.size(); i++) {
      JsonObject one = new JsonObject();
      one.addProperty("name", classifier.vocab().get(i));
      one.addProperty("precision", counts.get(i).precision());
      one.addProperty("recall", counts.get(i).recall());
      one.addProperty("f1", counts.get(i).f1());
      one.addProperty("images", counts.get(i).actual());
      classes.add(one);
    }
    out.add("classes", classes);
    out.add("confusion", new Gson().toJsonTree(interp.confusionMatrix()));
    JsonArray wrong = new JsonArray();
    for (TopLoss loss : interp.topLosses(top)) {
      JsonObject one = new Gson().toJsonTree(loss).getAsJsonObject();
      one.addProperty("index", images.files().get(loss.index()).toString());
      wrong.add(one);
    }
    out.add("top_losses", wrong);
    out.add("provenance", new Gson().toJsonTree(classifier.provenance()));
    return out;
  }
}
