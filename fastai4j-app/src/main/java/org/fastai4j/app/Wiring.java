package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.net.URI;
import java.nio.file.Path;

/**
 * What the commands run. {@link #book()} is the one place that joins the command line to the rest.
 *
 * @param chapter runs the chapter
 * @param model opens a saved model
 * @param warmUp uses, in a second or two, the classes that the others use
 * @param dataHost where data sets are downloaded from
 */
record Wiring(ChapterRunner chapter, ModelOpener model, Runnable warmUp, URI dataHost) {

  /**
   * Runs the chapter, prints to {@code terminal}, writes the report and returns what it measured.
   */
  @FunctionalInterface
  interface ChapterRunner {
    JsonObject run(ChapterRequest request, Terminal terminal);
  }

  /** Opens a saved model for predictions. */
  @FunctionalInterface
  interface ModelOpener {
    Predictor open(Path model);
  }

  /** A model that is ready to say what is on an image. */
  @FunctionalInterface
  interface Predictor {
    Prediction predict(Path image);
  }

  /**
   * What a model makes of an image.
   *
   * @param label the most probable class
   * @param probability how sure the model is, 0..1
   */
  record Prediction(String label, double probability) {}

  /** The chapter of {@code fastai4j-book}. */
  static Wiring book() {
    return new Wiring(
        (request, terminal) -> {
          throw new CliException(Main.FAILED, "the chapter is not part of this build yet");
        },
        model -> {
          throw new CliException(Main.FAILED, "predictions are not part of this build yet");
        },
        () -> {},
        URI.create("https://s3.amazonaws.com/"));
  }
}
