package org.fastai4j.learner;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.fastai4j.io.FormatException;
import org.fastai4j.io.Safetensors;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.jspecify.annotations.Nullable;

/**
 * Writes down, between batches, all that a fit needs to go on, and goes on from it.
 *
 * <p>A checkpoint is one safetensors file: weights, gradients where there are any, optimizer state
 * and hyper-parameters, the state of the random generator now and at the beginning of the pass (the
 * order of its batches follows from that) and of the device's, the state of every callback, and
 * where the fit is. It is written beside and moved into place; its tensors have a checksum; the one
 * before is kept, and taken if the newest is damaged.
 */
final class Checkpoints {
  private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());
  private static final String FORMAT = "fastai4j-checkpoint-2";
  private static final String GRADIENT = "grad.";
  private static final int KEPT = 2;
  private static final Gson GSON = new GsonBuilder().serializeSpecialFloatingPointValues().create();

  private @Nullable Path folder;
  private int everyBatches;
  private int fits;
  private int written;

  /** How many of the folder's newest files are of this run. */
  private int own;

  private @Nullable Tensor randomAtPass;
  private long pass;
  private @Nullable Saved resumed;

  /** What the present fit goes on from, until it does. */
  private @Nullable Saved from;

  /** Where a fit was. */
  private record Position(
      int fit,
      int epochs,
      int epoch,
      int batchesDone,
      int batches,
      long pass,
      List<Map<String, Object>> callbacks,
      List<String> callbackClasses) {}

  /** A checkpoint that was read. */
  private record Saved(Path file, Safetensors.Contents contents, Position position) {}

  void writeTo(Path folder, int everyBatches) {
    if (everyBatches < 1) {
      throw new IllegalArgumentException(
          "checkpoint: every " + everyBatches + " batches; use 1 or more");
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoints cannot be written to " + folder + ": " + e, e);
    }
    this.folder = folder;
    this.everyBatches = everyBatches;
  }

  boolean resumeFrom(Learner learn, Path folder) {
    if (fits > 0) {
      throw new IllegalStateException("resume: this learner has trained already; call it first");
    }
    for (Path file : files(folder)) {
      try {
        resumed = read(file);
        written = number(file);
        own = 1;
        return true;
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0} is damaged, the checkpoint before it is taken: {1}",
            file,
            String.valueOf(e.getMessage()));
      }
    }
    return false;
  }

  /** Whether the fit that is asked for is still to be done. */
  boolean beginFit(Learner learn, int epochs) {
    if ((folder != null || resumed != null) && learn.recorder().measuresTraining()) {
      throw new IllegalStateException(
          "checkpoint: metrics of the training batches cannot go on in the middle of an epoch;"
              + " leave out the recorder's withTrainMetrics() or withoutValidMetrics(), or the"
              + " checkpoints");
    }
    fits++;
    Saved last = resumed;
    from = null;
    if (last == null) {
      return true;
    }
    if (fits < last.position.fit) {
      return false;
    }
    if (epochs != last.position.epochs) {
      throw new IllegalStateException(
          "resume: %s is of a fit of %d epochs, this one has %d; ask for the same"
              .formatted(last.file, last.position.epochs, epochs));
    }
    from = last;
    resumed = null;
    return true;
  }

  int firstEpoch() {
    return from == null ? 0 : from.position.epoch;
  }

  /** {@code extra}, and the callback that writes checkpoints if they are wanted. */
  List<Callback> with(List<Callback> extra) {
    List<Callback> all = new ArrayList<>(extra);
    if (folder != null) {
      all.add(new Writer());
    }
    return all;
  }

  /** Before the training pass: how many of its batches are done, by the checkpoint resumed from. */
  int beforePass(Learner learn) {
    Saved last = from;
    if (last != null) {
      if (learn.iterations() != last.position.batches) {
        throw new IllegalStateException(
            "resume: %s is of a pass of %d batches, this one has %d; use the same data and batch"
                    .formatted(last.file, last.position.batches, learn.iterations())
                + " size");
      }
      restore(learn, last);
      Torch.setRngState(tensor(last, "rng.pass"));
      learn.dls().train().startAtPass(last.position.pass);
    }
    if (folder != null) {
      randomAtPass = Scope.keep(Torch.getRngState());
      pass = learn.dls().train().pass();
    }
    return last == null ? 0 : last.position.batchesDone;
  }

  /** After the order of the pass is drawn: the generators go on where they were. */
  void afterPassBegan(Learner learn) {
    if (from != null) {
      Torch.setRngState(tensor(from, "rng.now"));
      Tensor state = from.contents.tensors().get("rng." + learn.device());
      if (state != null) {
        learn.device().setRngState(state);
      }
      from = null;
    }
  }

  private static Tensor tensor(Saved from, String name) {
    return Objects.requireNonNull(from.contents.tensors().get(name), name);
  }

  private static void restore(Learner learn, Saved from) {
    Map<String, Tensor> tensors = from.contents.tensors();
    learn.model().loadStateDict(SavedLearner.under(SavedLearner.MODEL, tensors));
    SavedLearner.loadOptimizer(learn.optimizer(), from.contents, from.file);
    Map<String, Tensor> gradients = SavedLearner.under(GRADIENT, tensors);
    learn
        .model()
        .namedParameters()
        .forEach(
            (name, p) -> {
              Tensor g = gradients.get(name);
              if (g != null) {
                p.setGrad_(g.to(learn.device()));
              }
            });
    List<Callback> callbacks = stateful(learn);
    List<String> names = callbacks.stream().map(c -> c.getClass().getName()).toList();
    if (!names.equals(from.position.callbackClasses)) {
      throw new IllegalStateException(
          "resume: %s was written with the callbacks %s, these are %s; use the same"
              .formatted(from.file, from.position.callbackClasses, names));
    }
    for (int i = 0; i < callbacks.size(); i++) {
      callbacks.get(i).loadState(from.position.callbacks.get(i));
    }
  }

  /** The callbacks of the fit that have names of their own, which lambdas have not. */
  private static List<Callback> stateful(Learner learn) {
    return learn.loop().active().stream().filter(c -> !c.state().isEmpty()).toList();
  }

  /** Writes a checkpoint after every so many batches, and after the last of a pass. */
  private final class Writer implements Callback {
    @Override
    public int order() {
      return 1000; // when all others have seen the batch
    }

    @Override
    public boolean joins(Run run) {
      return run == Run.FIT;
    }

    @Override
    public void afterBatch(Learner learn) {
      int done = learn.iteration() + 1;
      if (learn.isTraining() && (done % everyBatches == 0 || done == learn.iterations())) {
        write(learn, done);
      }
    }
  }

  private void write(Learner learn, int batchesDone) {
    Path target = Objects.requireNonNull(folder);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    SavedLearner.put(tensors, SavedLearner.MODEL, learn.model().stateDict());
    SavedLearner.put(tensors, SavedLearner.OPTIMIZER, learn.optimizer().state());
    learn
        .model()
        .namedParameters()
        .forEach(
            (name, p) -> {
              if (p.hasGrad()) {
                tensors.put(GRADIENT + name, p.grad());
              }
            });
    tensors.put("rng.pass", Objects.requireNonNull(randomAtPass));
    tensors.put("rng.now", Torch.getRngState());
    if (!learn.device().equals(Device.CPU)) {
      tensors.put("rng." + learn.device(), learn.device().getRngState());
    }
    List<Callback> callbacks = stateful(learn);
    Position position =
        new Position(
            fits,
            learn.epochs(),
            learn.epoch(),
            batchesDone,
            learn.iterations(),
            pass,
            callbacks.stream().map(Callback::state).toList(),
            callbacks.stream().map(c -> c.getClass().getName()).toList());
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("position", GSON.toJson(position));
    metadata.put(SavedLearner.HYPERS, SavedLearner.hypers(learn.optimizer()));
    metadata.put("crc32c", checksum(tensors, metadata));
    if (own == 0) { // of an earlier run, which this one does not go on from
      written = files(target).stream().findFirst().map(Checkpoints::number).orElse(0);
    }
    Path file =
        target.resolve(String.format(Locale.ROOT, "checkpoint-%08d.safetensors", ++written));
    Safetensors.save(file, tensors, metadata);
    own = Math.min(own + 1, KEPT);
    files(target).stream().skip(own).forEach(Checkpoints::delete);
  }

  private static Saved read(Path file) {
    Safetensors.Contents contents = Safetensors.load(file);
    Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
    String crc = metadata.remove("crc32c");
    if (!FORMAT.equals(metadata.get("format"))) {
      throw new FormatException(file + " is no checkpoint");
    }
    if (!checksum(contents.tensors(), metadata).equals(crc)) {
      throw new FormatException(file + " does not have the checksum written in it");
    }
    return new Saved(file, contents, GSON.fromJson(metadata.get("position"), Position.class));
  }

  /** A checksum of the notes and of every tensor's bytes, in the order of their names. */
  private static String checksum(Map<String, Tensor> tensors, Map<String, String> metadata) {
    CRC32C crc = new CRC32C();
    new TreeMap<>(metadata)
        .forEach((key, value) -> crc.update((key + "=" + value).getBytes(StandardCharsets.UTF_8)));
    try (WritableByteChannel sink = new Sink(crc)) {
      for (Tensor t : new TreeMap<>(tensors).values()) {
        t.writeTo(sink);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Long.toHexString(crc.getValue());
  }

  /** Adds what is written to a checksum; those of {@code Channels} fail when interrupted. */
  private record Sink(CRC32C crc) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int n = bytes.remaining();
      crc.update(bytes);
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** The checkpoints of a folder, the newest first. */
  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(f -> number(f) > 0)
          .sorted(Comparator.comparingInt(Checkpoints::number).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoints in " + folder + " cannot be listed: " + e, e);
    }
  }

  private static int number(Path file) {
    String name = file.getFileName().toString();
    return Optional.of(name)
        .filter(n -> n.matches("checkpoint-\\d{8}\\.safetensors"))
        .map(n -> Integer.parseInt(n.substring(11, 19)))
        .orElse(0);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "{0} could not be deleted: {1}", file, e);
    }
  }
}
