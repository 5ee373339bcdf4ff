package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.fastai4j.app.serve.Service;
import org.fastai4j.book.Chapter;
import org.fastai4j.book.ChapterOptions;
import org.fastai4j.data.OfflineException;
import org.fastai4j.data.Progress;
import org.fastai4j.data.ProgressBar;
import org.fastai4j.data.URLs;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;

/**
 * What the commands run. {@link #book()} is the one place that joins the command line to the rest.
 *
 * @param chapter runs the chapter
 * @param trainer trains a classifier
 * @param model opens a saved model
 * @param warmUp uses, in a second or two, the classes that the others use
 * @param dataHost where data sets are downloaded from
 */
record Wiring(
    ChapterRunner chapter, Trainer trainer, ModelOpener model, Runnable warmUp, URI dataHost) {

  /**
   * Runs the chapter, prints to {@code terminal}, writes the report and returns what it measured.
   */
  @FunctionalInterface
  interface ChapterRunner {
    JsonObject run(ChapterRequest request, Terminal terminal);
  }

  /** Trains a classifier, saves it and returns what was measured. */
  @FunctionalInterface
  interface Trainer {
    JsonObject train(TrainRequest request, Terminal terminal);
  }

  /** Opens a saved model for predictions. */
  @FunctionalInterface
  interface ModelOpener {
    Predictor open(Path model);
  }

  /** A model that is ready to say what is on an image. */
  @FunctionalInterface
  interface Predictor {
    /** The classes, the most probable first. */
    List<Prediction> predict(Path image);
  }

  /**
   * A class that an image may be of.
   *
   * @param label its name
   * @param probability how sure the model is, 0..1
   */
  record Prediction(String label, double probability) {}

  private static final URI DATA_HOST = URLs.MNIST_SAMPLE.uri();

  /** The chapter of {@code fastai4j-book} and the models it saves. */
  static Wiring book() {
    return new Wiring(Wiring::chapter, Training::run, Wiring::open, Wiring::warmUpAll, DATA_HOST);
  }

  private static void warmUpAll() {
    Chapter.warmUp();
    Service.warmUp();
  }

  private static JsonObject chapter(ChapterRequest request, Terminal terminal) {
    PrintStream console =
        request.quiet() ? new PrintStream(OutputStream.nullOutputStream()) : terminal.out();
    Progress progress =
        request.quiet()
            ? noticesTo(terminal.err())
            : new ProgressBar(terminal.err(), terminal.errIsTerminal());
    try {
      return Chapter.run(
          new ChapterOptions(
              request.data(),
              request.out(),
              request.seed(),
              request.epochs(),
              console,
              !request.quiet() && terminal.colors(),
              progress));
    } catch (OfflineException e) { // the data asked for by name is a missing input
      throw new CliException(Main.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static Predictor open(Path model) {
    ImageClassifier classifier = ModelFile.load(model);
    return image -> {
      List<Double> p = classifier.predict(Image.open(image)).probabilities();
      return IntStream.range(0, p.size())
          .mapToObj(i -> new Prediction(classifier.vocab().get(i), p.get(i)))
          .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
          .toList();
    };
  }

  /** Even a quiet run tells when it uses other data than the usual. */
  private static Progress noticesTo(PrintStream err) {
    return new Progress() {
      @Override
      public void update(String label, long done, long total) {}

      @Override
      public void notice(String line) {
        err.println(line);
      }
    };
  }
}
