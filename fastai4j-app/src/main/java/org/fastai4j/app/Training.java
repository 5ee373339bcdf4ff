package org.fastai4j.app;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.fastai4j.app.serve.WatchPage;
import org.fastai4j.book.Processes;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.ProgressCallback;
import org.fastai4j.learner.TerminateOnNaN;
import org.fastai4j.optim.LearningRate;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Torch;

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
    long start = System.nanoTime();
    Workbench bench = Workbench.open(request.data(), request.net(), terminal, request.quiet());
    double load = since(start);
    long[] shape = bench.images().itemShape();
    out.printf(
        "%d images to train on, %d to validate with; %d classes; %d x %d pixels, %s%n",
        bench.images().train().items(),
        bench.images().valid().items(),
        bench.images().c(),
        shape[2],
        shape[1],
        shape[0] == 1 ? "grey" : "color");
    bench.tellBatchSize(request.data(), out);

    AtomicLong seen = new AtomicLong();
    Learner learn = learner(bench, seen);
    Path checkpoints = request.out().resolve("checkpoints");
    RunNotes notes = RunNotes.of(request, bench);
    if (request.resume()) {
      notes.checkAgainst(checkpoints);
      out.println(
          learn.resume(checkpoints)
              ? "Going on from " + checkpoints
              : "No checkpoint in " + checkpoints + ": starting from the beginning");
    } else {
      forget(checkpoints);
    }
    double lr = rate(learn);
    learn.checkpoint(checkpoints, CHECKPOINT_EVERY);
    notes.write(checkpoints);

    long begun = System.nanoTime();
    UserData.use(() -> watched(learn, lr));
    double fit = since(begun);

    JsonObject measured = measured(learn, bench, lr, load, fit, seen.get());
    save(learn, bench, notes, lr);
    UserData.leftOut(bench.images().leftOut()).ifPresent(out::println);
    return measured;
  }

  /** Counts the training images that go through. */
  private Learner learner(Workbench bench, AtomicLong seen) {
    return bench.learner(
        builder -> {
          builder
              .callback(new TerminateOnNaN())
              .callback(
                  Callback.on(
                      Event.AFTER_STEP, learn -> seen.addAndGet(learn.batch().x().size(0))));
          return request.quiet()
              ? builder.quiet()
              : builder.callback(new ProgressCallback(terminal.out(), terminal.outIsTerminal()));
        });
  }

  /** Trains, with a page to watch it on if that is wanted. */
  private void watched(Learner learn, double lr) {
    if (!request.watch()) {
      fit(learn, lr);
      return;
    }
    try (WatchPage page = WatchPage.start("127.0.0.1", 0)) {
      learn.addCallback(page.callback());
      terminal.err().println("Watch it at " + page.address());
      Browser.open(page.address(), terminal);
      fit(learn, lr);
    }
  }

  /** Trains; Ctrl-C ends after the batch it comes in, with a checkpoint to go on from. */
  private void fit(Learner learn, double lr) {
    CountDownLatch done = new CountDownLatch(1);
    try (var onCtrlC =
        new Interruption(
            terminal.err(),
            () -> {
              learn.stop();
              await(done);
              return "--resume goes on from " + request.out().resolve("checkpoints");
            })) {
      switch (request.schedule()) {
        case ONE_CYCLE -> learn.fitOneCycle(request.epochs(), lr);
        case FLAT_COS -> learn.fitFlatCos(request.epochs(), lr);
        case CONSTANT -> learn.fit(request.epochs(), LearningRate.of(lr));
        case FINE_TUNE -> learn.fineTune(request.epochs(), lr);
      }
    } finally {
      done.countDown();
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
    boolean head = request.schedule() == TrainRequest.Schedule.FINE_TUNE;
    if (head) {
      learn.freeze(); // as the first of its epochs
    }
    double found = UserData.read(learn::lrFind).valley();
    if (head) {
      learn.unfreeze();
    }
    out.printf(Locale.ROOT, "Learning rate found: %.2g%n", found);
    return found;
  }

  private JsonObject measured(
      Learner learn, Workbench bench, double lr, double load, double fit, long seen) {
    JsonObject seconds = new JsonObject();
    seconds.addProperty("load", load);
    seconds.addProperty("fit", fit);
    seconds.addProperty("total", Processes.secondsSinceStart());
    JsonObject out = new JsonObject();
    out.addProperty("data", request.data().data());
    out.addProperty("arch", request.net().arch());
    out.addProperty("epochs", learn.recorder().rows().size());
    out.addProperty("batch_size", bench.batchSize());
    out.addProperty("size", bench.classifier().input().height());
    out.addProperty("channels", bench.classifier().input().channels());
    out.addProperty("classes", bench.images().c());
    out.addProperty("left_out", bench.images().leftOut().size());
    out.addProperty("precision", request.net().bf16() ? "bf16" : "fp32");
    out.addProperty("augment", bench.augment().toString());
    out.addProperty("lr", lr);
    out.addProperty("schedule", request.schedule().toString());
    out.addProperty("seed", request.data().seed());
    out.addProperty("device", learn.device().toString());
    out.addProperty("threads", learn.threads());
    out.add("seconds", seconds);
    lastRow(learn).forEach(out::addProperty);
    out.addProperty("images_per_second", seen / fit);
    out.addProperty("peak_rss_mb", Processes.peakRssMegabytes());
    learn.stopReason().ifPresent(reason -> out.addProperty("stopped", reason));
    return out;
  }

  private static Map<String, Double> lastRow(Learner learn) {
    List<List<Double>> values = learn.recorder().values();
    Map<String, Double> out = new LinkedHashMap<>();
    if (!values.isEmpty()) {
      List<Double> last = values.get(values.size() - 1);
      out.put("train_loss", last.get(0));
      out.put("valid_loss", last.get(1));
      out.put("accuracy", last.get(2));
    }
    return out;
  }

  private void save(Learner learn, Workbench bench, RunNotes notes, double lr) {
    Map<String, String> provenance = new LinkedHashMap<>(notes.values());
    provenance.remove("net"); // the file has it as 'arch'
    provenance.put("lr", Double.toString(lr));
    lastRow(learn)
        .forEach((name, value) -> provenance.put(name, String.format(Locale.ROOT, "%.6f", value)));
    provenance.put("device", learn.device().toString());
    provenance.put("fastai4j", new Versions().fastai4j());
    provenance.put("libtorch", Torch.version());
    provenance.put("java", Runtime.version().toString());
    provenance.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    learn.stopReason().ifPresent(reason -> provenance.put("stopped", reason));
    Folders.make(request.out());
    Path file = request.out().resolve("model.safetensors");
    bench.classifier().model().to(Device.CPU);
    bench.classifier().save(file, provenance);
    if (!learn.recorder().losses().isEmpty()) {
      learn.recorder().plotLoss().save(request.out().resolve("learning_curve.png"));
    }
    out.printf("Saved %s (./fastai4j evaluate %s --data %s)%n", file, file, request.data().data());
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
