package org.fastai4j.learner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.nn.Layer;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.jspecify.annotations.Nullable;

/**
 * What happens between the events of {@link Callback}: an epoch is a pass over the training batches
 * and one over the validation batches; a batch is prediction, loss, backward pass and step, in a
 * {@link Scope} of its own.
 */
final class TrainingLoop {
  private final Learner learn;
  private final List<Callback> callbacks;

  /** Those that take part in the present run. */
  private List<Callback> active = List.of();

  /** The model within what they put around it. */
  private Layer model;

  private Run run = Run.EVALUATE;
  private int epoch;
  private int epochs;
  private int iteration;
  private int iterations;
  private double pctTrain;
  private @Nullable Batch batch;
  private @Nullable Tensor pred;
  private @Nullable Tensor lossTensor;
  private double loss;
  private @Nullable String stopReason;
  private volatile boolean stopRequested;
  private @Nullable Firing firing;
  boolean training;

  /** A callback that is being told of an event, in a run that another may be doing, and so on. */
  private record Firing(Callback callback, Event event, @Nullable Firing outer) {
    boolean isWithin(@Nullable Firing other) {
      for (Firing f = other; f != null; f = f.outer) {
        if (f.callback == callback && f.event == event) {
          return true;
        }
      }
      return false;
    }
  }

  TrainingLoop(Learner learn, List<Callback> callbacks) {
    this.learn = learn;
    this.callbacks = new ArrayList<>(callbacks);
    this.callbacks.sort(Comparator.comparingInt(Callback::order));
    active = this.callbacks;
    model = learn.model();
    event(Event.AFTER_CREATE);
  }

  List<Callback> callbacks() {
    return callbacks;
  }

  void add(Callback callback) {
    callbacks.add(callback);
    callbacks.sort(Comparator.comparingInt(Callback::order));
    Event.AFTER_CREATE.fire(callback, learn);
  }

  void remove(Callback callback) {
    callbacks.remove(callback);
  }

  /** A fit, or a search for a learning rate, with callbacks of its own beside the learner's. */
  void fit(Run kind, int epochs, List<? extends Callback> extra) {
    enter(
        kind,
        epochs,
        extra,
        () -> {
          for (epoch = learn.checkpoints().firstEpoch(); epoch < epochs; epoch++) {
            level(
                this::fitEpoch,
                CancelException.Epoch.class,
                Event.BEFORE_EPOCH,
                Event.AFTER_CANCEL_EPOCH,
                Event.AFTER_EPOCH);
          }
        });
  }

  /** A pass without training, with fastai's events around it. */
  void evaluate(DataLoader<Batch> batches, List<? extends Callback> extra) {
    Firing now = firing;
    if (now != null && now.isWithin(now.outer)) {
      throw new IllegalStateException(
          "%s.%s validates or predicts, which calls it again, and so on without end; let it do so"
                  .formatted(now.callback.getClass().getSimpleName(), now.event.method())
              + " in a fit only: if (learn.run() == Run.FIT), or joins(run) -> run == Run.FIT");
    }
    State before = new State();
    try {
      enter(
          Run.EVALUATE,
          1,
          extra,
          () ->
              level(
                  () -> validate(batches),
                  CancelException.Epoch.class,
                  Event.BEFORE_EPOCH,
                  Event.AFTER_CANCEL_EPOCH,
                  Event.AFTER_EPOCH));
    } finally {
      before.restore();
    }
  }

  private void enter(Run kind, int epochs, List<? extends Callback> extra, Runnable body) {
    run = kind;
    this.epochs = epochs;
    epoch = 0;
    iteration = 0;
    pctTrain = 0;
    loss = 0;
    stopReason = null;
    stopRequested = false;
    active = new ArrayList<>();
    callbacks.stream().filter(c -> c.joins(kind)).forEach(active::add);
    active.addAll(extra);
    active.sort(Comparator.comparingInt(Callback::order));
    model = learn.model();
    for (int i = active.size() - 1; i >= 0; i--) {
      Callback around = active.get(i);
      Layer within = model;
      model = x -> around.forward(within, x);
    }
    Torch.withNumThreads(learn.threads(), () -> Scope.run(() -> cleanedUp(body)));
  }

  private void cleanedUp(Runnable body) {
    Optional<Throwable> failure = failure(() -> fitLevel(body), Optional.empty());
    training = false;
    learn.model().eval();
    if (run != Run.EVALUATE) {
      learn.optimizer().zeroGrad();
    }
    for (Callback c : active) {
      failure = failure(() -> fire(Event.CLEANUP_FIT, c), failure);
    }
    failure.ifPresent(TrainingLoop::rethrow);
  }

  private void fitLevel(Runnable body) {
    try {
      level(
          body,
          CancelException.Fit.class,
          Event.BEFORE_FIT,
          Event.AFTER_CANCEL_FIT,
          Event.AFTER_FIT);
    } catch (CancelException e) {
      throw new IllegalStateException(
          "a callback threw CancelException."
              + e.getClass().getSimpleName()
              + " in an event that is not within what it cancels",
          e);
    }
  }

  /** What {@code body} throws, or else {@code earlier}; a second failure is added to the first. */
  private static Optional<Throwable> failure(Runnable body, Optional<Throwable> earlier) {
    try {
      body.run();
      return earlier;
    } catch (RuntimeException | Error e) {
      earlier.ifPresent(first -> first.addSuppressed(e));
      return Optional.of(earlier.orElse(e));
    }
  }

  private static void rethrow(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  private void fitEpoch() {
    DataLoader<Batch> train = learn.dls().train();
    begin(train);
    level(
        () -> train(train),
        CancelException.Train.class,
        Event.BEFORE_TRAIN,
        Event.AFTER_CANCEL_TRAIN,
        Event.AFTER_TRAIN);
    validate(learn.dls().valid());
  }

  private void train(DataLoader<Batch> batches) {
    Checkpoints checkpoints = learn.checkpoints();
    iteration = checkpoints.beforePass(learn);
    batchesTrained(iteration);
    try (BatchesAhead pass = BatchesAhead.of(batches.pass(iteration), learn.device())) {
      checkpoints.afterPassBegan(learn);
      allBatches(pass);
    }
  }

  private void begin(DataLoader<Batch> batches) {
    iterations = batches.size();
    iteration = 0;
  }

  private void validate(DataLoader<Batch> batches) {
    begin(batches);
    Autograd.noGrad(
        () ->
            level(
                () -> {
                  try (BatchesAhead pass = BatchesAhead.of(batches.pass(0), learn.device())) {
                    allBatches(pass);
                  }
                },
                CancelException.Validate.class,
                Event.BEFORE_VALIDATE,
                Event.AFTER_CANCEL_VALIDATE,
                Event.AFTER_VALIDATE));
  }

  private void allBatches(Iterator<Batch> batches) {
    while (batches.hasNext()) {
      Scope.run(() -> oneBatch(batches.next()));
      if (training && (stopRequested || Thread.interrupted())) {
        endFit(Learner.ASKED_TO_STOP);
      }
    }
  }

  private void oneBatch(Batch b) {
    batch = b.to(learn.device());
    try {
      level(
          this::doBatch,
          CancelException.Batch.class,
          Event.BEFORE_BATCH,
          Event.AFTER_CANCEL_BATCH,
          Event.AFTER_BATCH);
      iteration++;
    } finally { // their tensors end with the batch
      batch = null;
      pred = null;
      lossTensor = null;
    }
  }

  private void doBatch() {
    pred = model.call(batch().x());
    event(Event.AFTER_PRED);
    if (batch().hasTargets()) {
      lossTensor = lossOf(pred(), batch().y());
      loss = lossTensor.item();
    }
    event(Event.AFTER_LOSS);
    if (!training) {
      return;
    }
    Optimizer optimizer = learn.optimizer();
    level(
        () -> lossTensor().backward(), // which beforeBackward may have replaced
        CancelException.Backward.class,
        Event.BEFORE_BACKWARD,
        Event.AFTER_CANCEL_BACKWARD,
        Event.AFTER_BACKWARD);
    level(
        optimizer::step,
        CancelException.Step.class,
        Event.BEFORE_STEP,
        Event.AFTER_CANCEL_STEP,
        Event.AFTER_STEP);
    optimizer.zeroGrad();
  }

  private Tensor lossOf(Tensor preds, Tensor targets) {
    try {
      Tensor value = learn.lossFunction().apply(preds, targets);
      if (value.numel() != 1) {
        throw new TensorException(
            "it is " + value.shape() + ", not a single number; reduce it with mean()");
      }
      return value;
    } catch (TensorException e) {
      throw new TensorException(
          "the loss of predictions %s and targets %s: %s"
              .formatted(preds.shape(), targets.shape(), e.getMessage()),
          e);
    }
  }

  /** Runs a level of training between its events; its own cancellation ends it, others pass on. */
  private void level(
      Runnable body,
      Class<? extends CancelException> cancel,
      Event before,
      Event afterCancel,
      Event after) {
    try {
      event(before);
      body.run();
    } catch (CancelException e) {
      if (!cancel.isInstance(e)) {
        throw e;
      }
      event(afterCancel);
    }
    event(after);
  }

  private void event(Event event) {
    for (Callback c : active) {
      fire(event, c);
    }
  }

  private void fire(Event event, Callback callback) {
    Firing outer = firing;
    firing = new Firing(callback, event, outer);
    try {
      event.fire(callback, learn);
    } finally {
      firing = outer;
    }
  }

  void requestStop() {
    stopRequested = true;
  }

  void say(String text) {
    active.forEach(c -> c.said(text));
  }

  /** Ends the fit and says why. */
  void endFit(String reason) {
    stopReason = reason;
    throw new CancelException.Fit();
  }

  Optional<String> stopReason() {
    return Optional.ofNullable(stopReason);
  }

  void batchesTrained(int n) {
    pctTrain = (epoch + (double) n / iterations) / epochs;
  }

  double pctTrain() {
    return pctTrain;
  }

  Run run() {
    return run;
  }

  List<Callback> active() {
    return active;
  }

  int epoch() {
    return epoch;
  }

  int epochs() {
    return epochs;
  }

  int iteration() {
    return iteration;
  }

  int iterations() {
    return iterations;
  }

  Batch batch() {
    return present(batch, "batch outside the events of one");
  }

  void batch(Batch b) {
    batch = b;
  }

  Tensor pred() {
    return present(pred, "prediction before afterPred, or outside a batch");
  }

  void pred(Tensor t) {
    pred = t;
  }

  Tensor lossTensor() {
    return present(lossTensor, "loss before afterLoss, or outside a batch");
  }

  void lossTensor(Tensor t) {
    lossTensor = t;
  }

  boolean hasLoss() {
    return lossTensor != null;
  }

  double loss() {
    return loss;
  }

  private static <T> T present(@Nullable T value, String what) {
    if (value == null) {
      throw new IllegalStateException("the learner has no " + what);
    }
    return value;
  }

  /** Where a run is, to go back to after another within it. */
  private final class State {
    private final Run run0 = run;
    private final List<Callback> active0 = active;
    private final Layer model0 = model;
    private final int[] counts = {epoch, epochs, iteration, iterations};
    private final double[] numbers = {pctTrain, loss};
    private final @Nullable Batch batch0 = batch;
    private final @Nullable Tensor pred0 = pred;
    private final @Nullable Tensor lossTensor0 = lossTensor;
    private final @Nullable String stopReason0 = stopReason;
    private final boolean training0 = training;
    private final boolean stopRequested0 = stopRequested;
    private final boolean mode = learn.model().isTraining();

    void restore() {
      run = run0;
      active = active0;
      model = model0;
      epoch = counts[0];
      epochs = counts[1];
      iteration = counts[2];
      iterations = counts[3];
      pctTrain = numbers[0];
      loss = numbers[1];
      batch = batch0;
      pred = pred0;
      lossTensor = lossTensor0;
      stopReason = stopReason0;
      training = training0;
      stopRequested |= stopRequested0;
      if (mode && training0) {
        learn.model().train();
      }
    }
  }
}
