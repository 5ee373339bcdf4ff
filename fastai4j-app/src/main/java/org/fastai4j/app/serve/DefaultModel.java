package org.fastai4j.app.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.data.Progress;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.data.URLs;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Module;
import org.fastai4j.optim.Adam;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.Models;

/**
 * The ten-digit net that is served when no model is named: trained once, in less than a minute and
 * from nothing but digits that are drawn on the spot, then kept among fastai's models.
 */
public final class DefaultModel {
  /** The name of its file. */
  public static final String NAME = "fastai4j-digits-1.safetensors";

  private static final int TRAINING = 40_000;
  private static final int VALIDATION = 2_000;
  private static final int EPOCHS = 3;
  private static final double LR = 6e-3;

  private DefaultModel() {}

  /** Where it is kept, or will be. */
  public static Path file(DataCache cache) {
    return cache.folder("model").resolve(NAME);
  }

  /** The model, which is trained and saved first if it is not there yet. */
  public static Path find(DataCache cache, Progress progress) {
    Path file = file(cache);
    if (!Files.exists(file)) {
      progress.notice(
          "No model was named, so one that reads digits is trained first, once, in half a minute.");
      train(file, TRAINING, progress);
      progress.notice("Saved " + file);
    }
    return file;
  }

  /** Trains on so many drawn digits, and writes the model whole or not at all. */
  static void train(Path file, int digits, Progress progress) {
    Torch.setNumThreads(1); // threads of small operations wait for each other
    Torch.manualSeed(42);
    TensorDataset training = draw(digits, 0, progress);
    TensorDataset validation = draw(VALIDATION, digits, Progress.SILENT);
    Module model = Models.create("simple_cnn", 10);
    Learner learn =
        Learner.builder(
                new DataLoaders(
                    DataLoader.of(training, 128).shuffle(), DataLoader.of(validation, 1000)),
                model)
            .loss(new CrossEntropyLoss())
            .optimizer(Adam::new)
            .metric(Metrics.accuracy())
            .callback(told(progress))
            .quiet()
            .build();
    learn.fitOneCycle(EPOCHS, LR);
    progress.finish();
    List<Double> accuracies = learn.recorder().itemgot(2);
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("data", URLs.DIGITS.name());
    provenance.put("images", Integer.toString(digits));
    provenance.put("epochs", Integer.toString(EPOCHS));
    provenance.put("seed", "42");
    provenance.put("accuracy", Double.toString(accuracies.get(accuracies.size() - 1)));
    provenance.put("engine", "libtorch " + Torch.version());
    provenance.put("created", Instant.now().toString());
    List<String> vocab = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ImageClassifier.of(model, "simple_cnn", vocab).save(file, provenance);
  }

  private static Callback told(Progress progress) {
    return Callback.on(
        Event.AFTER_BATCH,
        learn -> {
          if (learn.isTraining()) {
            long done = (long) learn.epoch() * learn.iterations() + learn.iteration() + 1;
            progress.update("Training", done, (long) learn.epochs() * learn.iterations());
          }
        });
  }

  /** Digits 0 to 9 in turn, {@code [n, 1, 28, 28]} in 0..1, and which they are. */
  private static TensorDataset draw(int n, int firstSeed, Progress progress) {
    int side = DrawnDigits.SIDE;
    ByteBuffer pixels = ByteBuffer.allocateDirect(n * side * side);
    AtomicInteger done = new AtomicInteger();
    IntStream.range(0, n)
        .parallel()
        .forEach(
            i -> {
              pixels.put(i * side * side, DrawnDigits.draw(i % 10, firstSeed + i));
              int all = done.incrementAndGet();
              if (all % 100 == 0) {
                progress.update("Drawing digits", all, n);
              }
            });
    progress.finish();
    return TensorDataset.of(
        Tensor.wrap(pixels, n, 1, side, side).toFloat().div(255), Tensor.arange(n).remainder(10));
  }
}
