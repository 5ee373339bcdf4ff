package org.fastai4j.learner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.nn.Module;
import org.fastai4j.optim.Adam;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.OptimizerFunction;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.jspecify.annotations.Nullable;

/**
 * A model, its data, a loss and an optimizer, put together for training; fastai's {@code Learner}.
 *
 * <pre>{@code
 * var learn = Learner.builder(dls, model)
 *     .loss(MnistBasics::mnistLoss).optimizer(SGD::new)
 *     .metric("batch_accuracy", MnistBasics::batchAccuracy).build();
 * learn.fit(40, 0.1);
 * }</pre>
 *
 * <p>What happens between the events of {@link Callback} is all here: an epoch is a pass over the
 * training batches and one over the validation batches; a batch is prediction, loss, backward pass
 * and step, in a {@link Scope} of its own.
 */
public final class Learner {
  private final DataLoaders dls;
  private final Module model;
  private final BinaryOperator<Tensor> lossFunction;
  private final OptimizerFunction optimizerFunction;
  private final double lr;
  private final Recorder recorder;
  private final List<Callback> callbacks = new ArrayList<>();

  private @Nullable Optimizer optimizer;
  private @Nullable Batch batch;
  private @Nullable Tensor pred;
  private @Nullable Tensor lossTensor;
  private double loss;
  private int epoch;
  private int epochs;
  private int iteration;
  private int iterations;
  private boolean training;

  private Learner(Builder b) {
    dls = b.dls;
    model = b.model;
    if (b.loss == null) {
      throw new IllegalArgumentException(
          "the learner has no loss: call loss(...) on its builder, as"
              + " loss(Functional::crossEntropy) for classes");
    }
    lossFunction = b.loss;
    optimizerFunction = b.optimizer;
    lr = b.lr;
    recorder = new Recorder(b.metrics);
    callbacks.add(recorder);
    callbacks.addAll(b.callbacks);
    callbacks.sort(Comparator.comparingInt(Callback::order));
  }

  /** Starts a learner of {@code model} on {@code dls}. */
  public static Builder builder(DataLoaders dls, Module model) {
    return new Builder(dls, model);
  }

  /** The choices of a {@link Learner}; a loss is needed, the rest has fastai's defaults. */
  public static final class Builder {
    private final DataLoaders dls;
    private final Module model;
    private @Nullable BinaryOperator<Tensor> loss;
    private OptimizerFunction optimizer = Adam::new;
    private double lr = 1e-3;
    private final List<Metric> metrics = new ArrayList<>();
    private final List<Callback> callbacks = new ArrayList<>();
    private boolean progress = true;

    private Builder(DataLoaders dls, Module model) {
      this.dls = dls;
      this.model = model;
    }

    /** What is made small: predictions and targets of a batch to a scalar. */
    public Builder loss(BinaryOperator<Tensor> loss) {
      this.loss = loss;
      return this;
    }

    /** How it is made small; {@link Adam} unless set. */
    public Builder optimizer(OptimizerFunction optimizer) {
      this.optimizer = optimizer;
      return this;
    }

    /** The learning rate of a fit that names none; 0.001 unless set. */
    public Builder lr(double lr) {
      this.lr = lr;
      return this;
    }

    /** Adds a column to the table: a function of predictions and targets, averaged over items. */
    public Builder metric(String name, BinaryOperator<Tensor> metric) {
      return metric(new Metric(name, metric));
    }

    /** Adds a column to the table. */
    public Builder metric(Metric metric) {
      metrics.add(metric);
      return this;
    }

    /** Adds a callback. */
    public Builder callback(Callback callback) {
      callbacks.add(callback);
      return this;
    }

    /** Prints no table and no bars. */
    public Builder quiet() {
      progress = false;
      return this;
    }

    /** The learner. */
    public Learner build() {
      if (progress && callbacks.stream().noneMatch(c -> c instanceof ProgressCallback)) {
        callbacks.add(ProgressCallback.standard());
      }
      return new Learner(this);
    }
  }

  /** Trains for {@code epochs} passes with the builder's learning rate. */
  public void fit(int epochs) {
    fit(epochs, lr);
  }

  /**
   * Trains for {@code epochs} passes with learning rate {@code lr}.
   *
   * <p>The optimizer keeps its state from fit to fit; biases and normalization layers are exempt
   * from its weight decay. However the fit ends, the model is left in evaluation mode, with no
   * gradients. An exception that is no {@link CancelException} skips the {@code after} events, as
   * in fastai; from a callback it comes with a suppressed note that tells which one, and when.
   *
   * @throws DataException if the training data has no batch
   */
  public void fit(int epochs, double lr) {
    if (epochs < 1) {
      throw new IllegalArgumentException("fit: " + epochs + " epochs; use 1 or more");
    }
    if (dls.train().size() == 0) {
      throw new DataException(
          "fit: the training set of "
              + dls.train().items()
              + " items has no batch of "
              + dls.train().batchSize()
              + "; use a smaller batch size");
    }
    if (optimizer == null) {
      optimizer = optimizerFunction.create(model.parameters(), lr);
      optimizer.withoutDecay(model.undecayed());
    }
    optimizer.setLr(lr);
    this.epochs = epochs;
    epoch = 0;
    iteration = 0;
    loss = 0;
    Scope.run(
        () -> {
          Optional<Throwable> failure = failure(this::fitLevel, Optional.empty());
          training = false;
          model.eval();
          optimizer().zeroGrad();
          for (Callback c : callbacks) {
            failure = failure(() -> Event.CLEANUP_FIT.fire(c, this), failure);
          }
          failure.ifPresent(Learner::rethrow);
        });
  }

  private void fitLevel() {
    try {
      level(
          this::doFit,
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

  private void doFit() {
    for (epoch = 0; epoch < epochs; epoch++) {
      level(
          this::doEpoch,
          CancelException.Epoch.class,
          Event.BEFORE_EPOCH,
          Event.AFTER_CANCEL_EPOCH,
          Event.AFTER_EPOCH);
    }
  }

  private void doEpoch() {
    model.train();
    training = true;
    level(
        () -> allBatches(dls.train()),
        CancelException.Train.class,
        Event.BEFORE_TRAIN,
        Event.AFTER_CANCEL_TRAIN,
        Event.AFTER_TRAIN);
    model.eval();
    training = false;
    Autograd.noGrad(
        () ->
            level(
                () -> allBatches(dls.valid()),
                CancelException.Validate.class,
                Event.BEFORE_VALIDATE,
                Event.AFTER_CANCEL_VALIDATE,
                Event.AFTER_VALIDATE));
  }

  private void allBatches(DataLoader<Batch> batches) {
    iteration = 0;
    iterations = batches.size();
    batches.forEach(
        b -> {
          batch = b;
          pred = null;
          lossTensor = null;
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
        });
  }

  private void doBatch() {
    pred = model.forward(batch().x());
    event(Event.AFTER_PRED);
    lossTensor = lossOf(pred(), batch().y());
    loss = lossTensor.item();
    event(Event.AFTER_LOSS);
    if (!training) {
      return;
    }
    level(
        lossTensor()::backward,
        CancelException.Backward.class,
        Event.BEFORE_BACKWARD,
        Event.AFTER_CANCEL_BACKWARD,
        Event.AFTER_BACKWARD);
    level(
        optimizer()::step,
        CancelException.Step.class,
        Event.BEFORE_STEP,
        Event.AFTER_CANCEL_STEP,
        Event.AFTER_STEP);
    optimizer().zeroGrad();
  }

  private Tensor lossOf(Tensor preds, Tensor targets) {
    try {
      Tensor value = lossFunction.apply(preds, targets);
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
    for (Callback c : callbacks) {
      event.fire(c, this);
    }
  }

  /** The model. */
  public Module model() {
    return model;
  }

  /** The data. */
  public DataLoaders dls() {
    return dls;
  }

  /** What the fits wrote down. */
  public Recorder recorder() {
    return recorder;
  }

  /** The optimizer; there is one from the first fit on. */
  public Optimizer optimizer() {
    return present(optimizer, "optimizer before its first fit");
  }

  /** The present batch, in an event of one. */
  public Batch batch() {
    return present(batch, "batch outside the events of one");
  }

  /** The model's output for the present batch, from {@code afterPred} on. */
  public Tensor pred() {
    return present(pred, "prediction before afterPred, or outside a batch");
  }

  /** The present loss as a tensor, from {@code afterLoss} on. */
  public Tensor lossTensor() {
    return present(lossTensor, "loss before afterLoss, or outside a batch");
  }

  /** Whether the present batch has come as far as its loss. */
  boolean hasLoss() {
    return lossTensor != null;
  }

  /** The last loss as a number; 0 before the first of a fit. */
  public double loss() {
    return loss;
  }

  /** The smoothed training loss; see {@link Recorder}. */
  public double smoothLoss() {
    List<Double> losses = recorder.losses();
    return losses.isEmpty() ? Double.NaN : losses.get(losses.size() - 1);
  }

  /** The number of the present epoch, from 0. */
  public int epoch() {
    return epoch;
  }

  /** How many epochs the present fit has. */
  public int epochs() {
    return epochs;
  }

  /** The number of the present batch in its pass, from 0. */
  public int iteration() {
    return iteration;
  }

  /** How many batches the present pass has. */
  public int iterations() {
    return iterations;
  }

  /** Whether the present pass is one of training. */
  public boolean isTraining() {
    return training;
  }

  private static <T> T present(@Nullable T value, String what) {
    if (value == null) {
      throw new IllegalStateException("the learner has no " + what);
    }
    return value;
  }
}
