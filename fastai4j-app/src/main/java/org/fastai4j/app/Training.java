package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.ProgressBar;
import org.fastai4j.data.URLs;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.ProgressCallback;
import org.fastai4j.learner.TerminateOnNaN;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Module;
import org.fastai4j.optim.LearningRate;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageDataLoaders;
import org.fastai4j.vision.ImageInput;
import org.fastai4j.vision.Models;
import org.fastai4j.vision.VisionModels;

/** What {@code train} does: from a folder of images to a saved classifier. */
final class Training {
  private static final int CHECKPOINT_EVERY = 100;

  private final TrainRequest request;
  private final Terminal terminal;
  private final PrintStream out;

  private Training(TrainRequest request, Terminal terminal) {
    this.request = request;
    this.terminal = terminal;
    out = request.quiet() ? new PrintStream(PrintStream.nullOutputStream()) : terminal.out();
  }

  static JsonObject run(TrainRequest request, Terminal terminal) {
    return new Training(request, terminal).run();
  }

  private JsonObject run() {
    if (!Models.names().contains(request.arch())) {
      throw new CliException(
          Main.USAGE,
          "--arch " + request.arch() + ": there are " + String.join(", ", Models.names()));
    }
    Device device = device();
    long start = System.nanoTime();
    ImageDataLoaders images =
        ImageDataLoaders.fromFolder(
            folder(), o -> o.grey().bs(request.batchSize()).seed(request.seed()));
    double load = since(start);
    out.println(images);

    if (!VisionModels.hasBody(request.arch())) {
      Torch.setNumThreads(1); // threads of small operations wait for each other on a busy machine
    }
    Torch.manualSeed(request.seed());
    List<String> vocab = images.vocab();
    Module model = Models.create(request.arch(), vocab.size(), 1);
    boolean rows = model.parameters().get(0).dim() == 2;
    boolean single = rows && vocab.size() == 2;
    DataLoaders dls = rows ? new DataLoaders(flat(images.train()), flat(images.valid())) : images;
    Learner learn = learner(dls, model, single).to(device);
    Path checkpoints = request.out().resolve("checkpoints");
    if (request.resume()) {
      out.println(
          learn.resume(checkpoints)
              ? "Going on from " + checkpoints
              : "No checkpoint in " + checkpoints + ": starting from the beginning");
    } else {
      forget(checkpoints);
    }
    double lr = rate(learn);
    learn.checkpoint(checkpoints, CHECKPOINT_EVERY);

    long begun = System.nanoTime();
    fit(learn, lr);
    double fit = since(begun);

    JsonObject measured = measured(learn, images, lr, load, fit);
    model.to(Device.CPU);
    save(learn, model, vocab, images.itemShape(), lr);
    return measured;
  }

  private Learner learner(DataLoaders dls, Module model, boolean single) {
    Learner.Builder builder = Learner.builder(dls, model).callback(new TerminateOnNaN());
    if (single) {
      BCEWithLogitsLoss loss = new BCEWithLogitsLoss();
      builder
          .loss((preds, targets) -> loss.apply(preds, targets.unsqueeze(1).toFloat()))
          .metric(
              "accuracy",
              (preds, targets) -> preds.gt(0).eq(targets.unsqueeze(1)).toFloat().mean());
    } else {
      builder.loss(new CrossEntropyLoss()).metric(Metrics.accuracy());
    }
    return request.quiet()
        ? builder.quiet().build()
        : builder.callback(new ProgressCallback(terminal.out(), terminal.outIsTerminal())).build();
  }

  /** Trains; Ctrl-C ends after the batch it comes in, and what is learned is saved. */
  private void fit(Learner learn, double lr) {
    CountDownLatch done = new CountDownLatch(1);
    Thread onCtrlC =
        new Thread(
            () -> {
              learn.stop();
              await(done);
              terminal
                  .err()
                  .printf(
                      "%nInterrupted: --resume goes on from %s.%n",
                      request.out().resolve("checkpoints"));
            },
            "train-interruption");
    Runtime.getRuntime().addShutdownHook(onCtrlC);
    try {
      switch (request.schedule()) {
        case ONE_CYCLE -> learn.fitOneCycle(request.epochs(), lr);
        case FLAT_COS -> learn.fitFlatCos(request.epochs(), lr);
        case CONSTANT -> learn.fit(request.epochs(), LearningRate.of(lr));
      }
    } finally {
      done.countDown();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(onCtrlC);
    } catch (IllegalStateException e) {
      // The process is ending: the hook has told how to go on.
    }
  }

  private static void await(CountDownLatch done) {
    try {
      if (!done.await(30, TimeUnit.SECONDS)) {
        return; // a batch that long is not waited for; its checkpoint is whole all the same
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private double rate(Learner learn) {
    if (!Double.isNaN(request.lr())) {
      return request.lr();
    }
    double found = learn.lrFind().valley();
    out.printf(Locale.ROOT, "Learning rate found: %.2g%n", found);
    return found;
  }

  private Path folder() {
    DataCache cache = DataCache.standard();
    DataCache told =
        request.quiet()
            ? cache
            : cache.withProgress(new ProgressBar(terminal.err(), terminal.errIsTerminal()));
    return URLs.find(request.data())
        .map(told::untarData)
        .orElseGet(
            () -> {
              Path path = Path.of(request.data());
              if (!Files.exists(path)) {
                throw new CliException(
                    Main.USAGE,
                    "--data " + request.data() + ": no such data set, folder or archive");
              }
              return Files.isDirectory(path) ? path : told.untarData(path);
            });
  }

  private Device device() {
    if (request.device().equals("auto")) {
      return Device.cuda(0).isAvailable()
          ? Device.cuda(0)
          : Device.MPS.isAvailable() ? Device.MPS : Device.CPU;
    }
    Device device = Device.of(request.device());
    if (!device.isAvailable()) {
      throw new CliException(
          Main.USAGE,
          "--device "
              + request.device()
              + ": there is none, or these native libraries were built without it; './fastai4j"
              + " doctor' tells which");
    }
    return device;
  }

  private static DataLoader<Batch> flat(DataLoader<Batch> batches) {
    return batches.map(b -> new Batch(b.x().flatten(1, -1), b.y()));
  }

  private JsonObject measured(
      Learner learn, ImageDataLoaders images, double lr, double load, double fit) {
    JsonObject seconds = new JsonObject();
    seconds.addProperty("load", load);
    seconds.addProperty("fit", fit);
    seconds.addProperty("total", Processes.secondsSinceStart());
    JsonObject out = new JsonObject();
    out.addProperty("data", request.data());
    out.addProperty("arch", request.arch());
    out.addProperty("epochs", learn.recorder().rows().size());
    out.addProperty("batch_size", request.batchSize());
    out.addProperty("lr", lr);
    out.addProperty("schedule", request.schedule().name().toLowerCase(Locale.ROOT));
    out.addProperty("seed", request.seed());
    out.addProperty("device", learn.device().toString());
    out.addProperty("threads", Torch.getNumThreads());
    out.add("seconds", seconds);
    List<List<Double>> values = learn.recorder().values();
    if (!values.isEmpty()) {
      List<Double> last = values.get(values.size() - 1);
      out.addProperty("train_loss", last.get(0));
      out.addProperty("valid_loss", last.get(1));
      out.addProperty("accuracy", last.get(2));
    }
    out.addProperty(
        "images_per_second",
        learn.recorder().losses().size() * (double) images.train().batchSize() / fit);
    out.addProperty("peak_rss_mb", Processes.peakRssMegabytes());
    learn.stopReason().ifPresent(reason -> out.addProperty("stopped", reason));
    return out;
  }

  private void save(Learner learn, Module model, List<String> vocab, long[] shape, double lr) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("data", request.data());
    provenance.put("seed", Long.toString(request.seed()));
    provenance.put("epochs", Integer.toString(learn.recorder().rows().size()));
    provenance.put("lr", Double.toString(lr));
    provenance.put("schedule", request.schedule().name().toLowerCase(Locale.ROOT));
    List<Double> accuracies = learn.recorder().itemgot(2);
    if (!accuracies.isEmpty()) {
      provenance.put(
          "accuracy", String.format(Locale.ROOT, "%.6f", accuracies.get(accuracies.size() - 1)));
    }
    provenance.put("engine", "libtorch " + Torch.version());
    provenance.put("created", Instant.now().toString());
    try {
      Files.createDirectories(request.out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path file = request.out().resolve("model.safetensors");
    boolean digits = shape[1] == 28 && shape[2] == 28;
    ImageClassifier.of(
            model,
            request.arch(),
            vocab,
            digits ? ImageInput.DIGITS : ImageInput.grey((int) shape[1], (int) shape[2]))
        .save(file, provenance);
    if (!learn.recorder().losses().isEmpty()) {
      learn.recorder().plotLoss().save(request.out().resolve("learning_curve.png"));
    }
    out.println("Saved " + file);
  }

  /** Checkpoints of another run must not be taken for this one's. */
  private static void forget(Path checkpoints) {
    if (!Files.isDirectory(checkpoints)) {
      return;
    }
    try (var files = Files.newDirectoryStream(checkpoints, "checkpoint-*.safetensors")) {
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("old checkpoints cannot be deleted: " + e, e);
    }
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
