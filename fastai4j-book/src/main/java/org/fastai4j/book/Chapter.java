package org.fastai4j.book;

import static org.fastai4j.tensor.Autograd.noGrad;

import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.data.Progress;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.io.Png;
import org.fastai4j.learner.Learner;
import org.fastai4j.plot.Figure;
import org.fastai4j.plot.ImageGrid;
import org.fastai4j.plot.Pixels;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.ImageClassifier;

/** Runs the chapter from the first file to the report, and measures it. */
public final class Chapter {
  private static final int WRONG_SHOWN = 10;

  private final ChapterOptions options;
  private final Transcript out;
  private final Gallery gallery;
  private final MnistBasics book;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  private Chapter(ChapterOptions options) {
    this.options = options;
    out = new Transcript(options.console(), options.terminal());
    gallery = new Gallery(options.out(), out);
    book = new MnistBasics(out, gallery);
  }

  /**
   * Runs the chapter, prints it to the console, writes {@code index.html}, its pictures and {@code
   * model.safetensors} to the folder, and returns what was measured.
   *
   * @throws DataException if the images cannot be had or are not the chapter's
   */
  public static JsonObject run(ChapterOptions options) {
    Chapter chapter = new Chapter(options);
    try (chapter.gallery) {
      return chapter.run();
    }
  }

  /** Runs the chapter on a few drawn digits for one epoch, so that its classes are loaded. */
  public static void warmUp() {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("fastai4j-warm-up");
      for (String part : List.of("train/3", "train/7", "valid/3", "valid/7")) {
        Path digits = Files.createDirectories(folder.resolve(part));
        for (int i = 0; i < 40; i++) {
          byte[] pixels = DrawnDigits.draw(part.endsWith("3") ? 3 : 7, i);
          Files.write(digits.resolve(i + ".png"), Png.encode(28, 28, 1, pixels));
        }
      }
      PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
      run(
          new ChapterOptions(
              Optional.of(folder.toString()),
              folder.resolve("out"),
              1,
              1,
              nowhere,
              false,
              Progress.SILENT));
    } catch (IOException e) {
      throw new UncheckedIOException("the warm-up needs a temporary folder", e);
    } finally {
      if (folder != null) {
        delete(folder.toFile());
      }
    }
  }

  private static void delete(File file) {
    File[] children = file.listFiles();
    if (children != null) {
      for (File child : children) {
        delete(child);
      }
    }
    if (!file.delete()) {
      file.deleteOnExit();
    }
  }

  private JsonObject run() {
    // The engine takes longer to open than the images to decode: do both at once.
    Torch.preload();
    makeFolder();

    long t = System.nanoTime();
    ChapterData data = ChapterData.find(options.data(), options.progress());
    out.section("files", "Data: " + data.name());
    book.files(data.folder());
    checkCounts();
    out.section("stacks", "Stacks of images");
    book.load(data.folder());
    checkSize();
    long images =
        book.stackedThrees.size(0)
            + book.stackedSevens.size(0)
            + book.validThrees.size(0)
            + book.validSevens.size(0);
    t = lap("load", t);

    Torch.manualSeed(options.seed());
    out.section("pixels", "An image and its pixels");
    book.pixels();
    out.section("means", "The mean 3 and the mean 7");
    book.means();
    out.section("distances", "Distances");
    MnistBasics.Distances distances = book.distances();
    out.section("first-prediction", "A first prediction");
    String prediction = book.firstPrediction();
    out.section("broadcasting", "The baseline's accuracy");
    MnistBasics.Baseline baseline = book.baseline();
    out.section("arrays", "Arrays and tensors");
    book.arraysAndTensors();
    t = lap("baseline", t);

    out.section("roller-coaster", "The roller coaster");
    book.rollerCoaster();
    book.fitQuadratic();
    t = lap("roller_coaster", t);

    out.section("mini-batches", "Mini-batches");
    book.miniBatches();
    TensorDataset train = book.trainSet();
    TensorDataset valid = book.validSet();
    DataLoaders dls = DataLoaders.of(train, valid, 256);
    out.section("linear-by-hand", "A linear model, trained by hand");
    double byHand = book.linearByHand(dls, valid);
    out.section("linear", "The same with a Learner");
    Learner linear = book.linear(dls);
    gallery.draw("step5", linear.recorder().table()); // the console has it from the learner
    t = lap("linear", t);

    out.section("simple-net", "A net of two layers");
    Learner simpleNet = book.simpleNet(dls, options.epochs());
    t = lap("simple_net", t);

    out.section("curves", "What it learned");
    book.curves(simpleNet);
    learningCurve(simpleNet);
    double simpleAccuracy = last(simpleNet);
    Path model = options.out().resolve("model.safetensors");
    save(simpleNet, data, model);
    out.println("saved " + model);
    int wrong = mostWrong(simpleNet, valid);
    JsonObject measured = new JsonObject();
    measured.addProperty("data", data.name());
    measured.addProperty("images", images);
    measured.addProperty("seed", options.seed());
    measured.addProperty("threads", Torch.getNumThreads());
    JsonObject accuracy = new JsonObject();
    accuracy.addProperty("threes", baseline.threes());
    accuracy.addProperty("sevens", baseline.sevens());
    accuracy.addProperty("mean", baseline.mean());
    measured.add("baseline_accuracy", accuracy);
    measured.addProperty("a3_l1_to_3", distances.l1To3());
    measured.addProperty("a3_rmse_to_3", distances.rmseTo3());
    measured.addProperty("a3_l1_to_7", distances.l1To7());
    measured.addProperty("a3_rmse_to_7", distances.rmseTo7());
    measured.addProperty("prediction", prediction);
    measured.addProperty("epochs", options.epochs());
    measured.addProperty("linear_by_hand_accuracy", byHand);
    measured.addProperty("linear_accuracy", last(linear));
    measured.addProperty("simple_net_accuracy", simpleAccuracy);
    Map<String, String> values = new LinkedHashMap<>();
    values.put("data", Snippets.escape(data.name()));
    values.put("kind", data.drawn() ? "drawn" : "handwritten");
    values.put("images", String.format(Locale.ROOT, "%,d", images));
    values.put("train", String.format(Locale.ROOT, "%,d", train.size()));
    values.put("valid", String.format(Locale.ROOT, "%,d", valid.size()));
    values.put("epochs", Integer.toString(options.epochs()));
    values.put("seed", Long.toString(options.seed()));
    values.put("threads", Integer.toString(Torch.getNumThreads()));
    values.put("engine", Torch.version());
    values.put("baseline", percent(baseline.mean()));
    values.put("linear", percent(last(linear)));
    values.put("simple", percent(simpleAccuracy));
    values.put("wrong", Integer.toString(wrong));
    values.put("linear-table", Report.table(linear.recorder()));
    values.put("simple-table", Report.table(simpleNet.recorder()));
    values.put(
        "load-seconds", String.format(Locale.ROOT, "%.2f", seconds.getOrDefault("load", 0.0)));
    values.put(
        "simple-seconds",
        String.format(Locale.ROOT, "%.2f", seconds.getOrDefault("simple_net", 0.0)));
    Path page = options.out().resolve("index.html");
    new Report(out, gallery, values).write(page);
    lap("report", t);
    double total = Processes.secondsSinceStart();
    seconds.put("total", total);
    JsonObject times = new JsonObject();
    seconds.forEach(times::addProperty);
    measured.add("seconds", times);
    summary(page, measured, total);
    return measured;
  }

  private void summary(Path page, JsonObject measured, double total) {
    out.section("summary", "Accuracy on the validation set");
    double baseline = measured.getAsJsonObject("baseline_accuracy").get("mean").getAsDouble();
    out.println("pixel baseline  %s", percent(baseline));
    out.println("linear model    %s", percent(measured.get("linear_accuracy").getAsDouble()));
    out.println("two-layer net   %s", percent(measured.get("simple_net_accuracy").getAsDouble()));
    out.println();
    out.println("The story with its pictures is in %s (%.1f s)", page, total);
  }

  private void makeFolder() {
    try {
      Files.createDirectories(options.out());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot make the folder " + options.out() + ": " + e.getMessage(), e);
    }
  }

  private void checkCounts() {
    if (book.threes.size() < 2 || book.sevens.size() < 13) {
      throw new DataException(
          "the chapter looks at the second 3 and the thirteenth 7, but train/3 has "
              + book.threes.size()
              + " images and train/7 "
              + book.sevens.size());
    }
  }

  private void checkSize() {
    for (Tensor stack :
        List.of(book.stackedThrees, book.stackedSevens, book.validThrees, book.validSevens)) {
      if (stack.size(1) != 28 || stack.size(2) != 28) {
        throw new DataException(
            "the chapter's images are 28 by 28 pixels, these are "
                + stack.size(2)
                + " by "
                + stack.size(1)
                + "; resize them first");
      }
    }
  }

  private void learningCurve(Learner learn) {
    double[] losses = MnistBasics.doubles(learn.recorder().losses());
    double[] ends = MnistBasics.doubles(learn.recorder().iters());
    double[] steps = new double[losses.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = i + 1;
    }
    Figure figure = Figure.subplots();
    figure
        .axes()
        .plot(steps, losses, "C0", "train")
        .plot(ends, MnistBasics.doubles(learn.recorder().itemgot(1)), "C1", "valid")
        .title("learning curve")
        .xlabel("steps")
        .ylabel("loss")
        .legend();
    gallery.show("learning_curve", figure);
  }

  /** Shows the validation digits that the net got most wrong; returns how many it got wrong. */
  private int mostWrong(Learner learn, TensorDataset valid) {
    return noGrad(
        () ->
            Scope.compute(
                () -> {
                  Tensor p = learn.model().forward(valid.x()).sigmoid();
                  Tensor loss = Tensor.where(valid.y().eq(1), p.rsub(1), p).squeeze(1);
                  int wrong = (int) loss.ge(0.5).sum().item();
                  var top = loss.topk(Math.min(WRONG_SHOWN, loss.numel()));
                  List<Pixels> digits = new ArrayList<>();
                  List<String> titles = new ArrayList<>();
                  for (long i : top.indices().toLongArray()) {
                    double three = p.get(i, 0).item();
                    boolean isThree = valid.y().get(i, 0).item() == 1;
                    digits.add(Pixels.of(valid.x().get(i).view(28, 28)));
                    titles.add(
                        String.format(
                            Locale.ROOT,
                            "%s, read as %s (%.0f %%)",
                            isThree ? "3" : "7",
                            three > 0.5 ? "3" : "7",
                            100 * Math.max(three, 1 - three)));
                  }
                  gallery.show("most_wrong", ImageGrid.showImages(digits, 2, 5, titles));
                  out.println("%d of %d digits are read wrong", wrong, valid.size());
                  return wrong;
                }));
  }

  private void save(Learner learn, ChapterData data, Path file) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("data", data.name());
    provenance.put("seed", Long.toString(options.seed()));
    provenance.put("epochs", Integer.toString(options.epochs()));
    provenance.put("accuracy", String.format(Locale.ROOT, "%.6f", last(learn)));
    provenance.put("engine", "libtorch " + Torch.version());
    provenance.put("created", Instant.now().toString());
    ImageClassifier.of(learn.model(), "simple_net", List.of("7", "3")).save(file, provenance);
  }

  private static double last(Learner learn) {
    List<Double> accuracies = learn.recorder().itemgot(2);
    return accuracies.get(accuracies.size() - 1);
  }

  private long lap(String name, long since) {
    long now = System.nanoTime();
    seconds.put(name, (now - since) / 1e9);
    return now;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
