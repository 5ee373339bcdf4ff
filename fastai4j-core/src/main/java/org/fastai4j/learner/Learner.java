package org.fastai4j.learner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.metrics.Metric;
import org.fastai4j.nn.Loss;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.Threads;
import org.fastai4j.optim.Adam;
import org.fastai4j.optim.LearningRate;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.OptimizerFunction;
import org.fastai4j.optim.Schedule;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
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
 * <p>What happens between the events of {@link Callback} is in {@code TrainingLoop}. Every fit
 * leaves the model in evaluation mode with no gradients, however it ends; the optimizer keeps its
 * state from fit to fit. An exception that is no {@link CancelException} skips the {@code after}
 * events, as in fastai; from a callback it comes with a suppressed note that tells which one, and
 * when.
 */
public final class Learner {
  /** The {@link #stopReason} of a fit that {@link #stop} or an interrupt ended. */
  public static final String ASKED_TO_STOP = "it was asked to stop";

  private final DataLoaders dls;
  private final Module model;
  private final OptimizerFunction optimizerFunction;
  private final double lr;
  private final double[] moms;
  private final double wd;
  private final boolean decayNormsAndBiases;
  private final boolean trainNorms;
  private final Function<Module, List<List<Tensor>>> splitter;
  private final int threads;
  private final Recorder recorder;
  private final Checkpoints checkpoints = new Checkpoints();
  private final TrainingLoop loop;

  private Loss lossFunction;
  private @Nullable Optimizer optimizer;
  private Device device = Device.CPU;

  private Learner(Builder b) {
    dls = b.dls;
    model = b.model;
    if (b.loss == null) {
      throw new IllegalArgumentException(
          "the learner has no loss: call loss(...) on its builder, as"
              + " loss(new CrossEntropyLoss()) for classes");
    }
    lossFunction = b.loss;
    optimizerFunction = b.optimizer;
    lr = b.lr;
    moms = b.moms;
    wd = b.wd;
    decayNormsAndBiases = b.decayNormsAndBiases;
    trainNorms = b.trainNorms;
    splitter = b.splitter;
    threads = b.threads;
    recorder = b.recorder;
    recorder.metrics(b.metrics);
    List<Callback> callbacks = new ArrayList<>(List.of(new TrainEval(), recorder));
    callbacks.addAll(b.callbacks);
    loop = new TrainingLoop(this, callbacks);
  }

  /** Starts a learner of {@code model} on {@code dls}. */
  public static Builder builder(DataLoaders dls, Module model) {
    return new Builder(dls, model);
  }

  /** The choices of a {@link Learner}; a loss is needed, the rest has fastai's defaults. */
  public static final class Builder {
    private final DataLoaders dls;
    private final Module model;
    private @Nullable Loss loss;
    private OptimizerFunction optimizer = Adam::new;
    private double lr = 1e-3;
    private double[] moms = {0.95, 0.85, 0.95};
    private double wd = Double.NaN;
    private boolean decayNormsAndBiases;
    private boolean trainNorms = true;
    private Function<Module, List<List<Tensor>>> splitter = m -> List.of(m.parameters());
    private Recorder recorder = new Recorder();
    private final List<Metric> metrics = new ArrayList<>();
    private final List<Callback> callbacks = new ArrayList<>();
    private boolean progress = true;
    private int threads;

    private Builder(DataLoaders dls, Module model) {
      this.dls = dls;
      this.model = model;
    }

    /** What is made small: predictions and targets of a batch to a scalar. */
    public Builder loss(Loss loss) {
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

    /** The momentum of {@code fitOneCycle} at start, peak and end; 0.95, 0.85, 0.95 unless set. */
    public Builder moms(double start, double peak, double end) {
      moms = new double[] {start, peak, end};
      return this;
    }

    /** The weight decay; the optimizer's own unless set. */
    public Builder wd(double wd) {
      this.wd = wd;
      return this;
    }

    /** Decays normalization layers and biases as well; fastai's {@code wd_bn_bias}. */
    public Builder decayNormsAndBiases() {
      decayNormsAndBiases = true;
      return this;
    }

    /** Freezes normalization layers with their groups; fastai's {@code train_bn=False}. */
    public Builder freezeNorms() {
      trainNorms = false;
      return this;
    }

    /** How the parameters are split into groups, from the input to the output; one unless set. */
    public Builder splitter(Function<Module, List<List<Tensor>>> splitter) {
      this.splitter = splitter;
      return this;
    }

    /**
     * How many threads an operation is given, in a fit as in a prediction; {@link Threads} chooses,
     * unless they are set here.
     */
    public Builder threads(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException("threads: " + threads + "; use 1 or more");
      }
      this.threads = threads;
      return this;
    }

    /** What writes down losses and metrics, where its defaults are not right. */
    public Builder recorder(Recorder recorder) {
      this.recorder = recorder;
      return this;
    }

    /** Adds a column to the table: a function of predictions and targets, averaged over items. */
    public Builder metric(String name, BinaryOperator<Tensor> metric) {
      return metric(Metric.of(name, metric));
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
      if (progress
          && callbacks.stream()
              .noneMatch(c -> c instanceof ProgressCallback || c instanceof CellProgress)) {
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
   * Trains for {@code epochs} passes with learning rate {@code lr}; biases and normalization layers
   * are exempt from weight decay.
   *
   * @throws DataException if the training data has no batch
   */
  public void fit(int epochs, double lr) {
    fit(epochs, LearningRate.of(lr));
  }

  /** Trains for {@code epochs} passes with a learning rate for each group. */
  public void fit(int epochs, LearningRate lr) {
    fit(epochs, lr, 0);
  }

  /**
   * As {@link #fit(int, LearningRate)} from epoch {@code startEpoch} on, for a model of which those
   * before are done: they stand in the table without values.
   */
  public void fit(int epochs, LearningRate lr, int startEpoch) {
    run(
        epochs,
        startEpoch,
        Callback.on(
            Event.BEFORE_FIT,
            learn -> learn.optimizer().setHypers("lr", lr.forGroups(optimizer().groups().size()))));
  }

  /** Trains for {@code epochs} passes with hyper-parameters that follow {@code schedule}. */
  public void fitScheduled(int epochs, Schedule schedule) {
    fitScheduled(epochs, schedule, 0);
  }

  /**
   * As {@link #fitScheduled(int, Schedule)} from epoch {@code startEpoch} on: the schedule too goes
   * on as if those before had been done. {@link #resume} does so by itself, and exactly.
   */
  public void fitScheduled(int epochs, Schedule schedule, int startEpoch) {
    run(epochs, startEpoch, new ParamScheduler(schedule));
  }

  /**
   * Trains by the one-cycle policy: the learning rate rises from {@code lrMax/25} to {@code lrMax}
   * in the first quarter and falls to {@code lrMax/100000}, each along a cosine; the momentum does
   * the opposite. Smith and Topin, 2017; fastai's {@code fit_one_cycle}.
   */
  public void fitOneCycle(int epochs, double lrMax) {
    fitOneCycle(epochs, LearningRate.of(lrMax));
  }

  /** As {@link #fitOneCycle(int, double)} with a learning rate for each group. */
  public void fitOneCycle(int epochs, LearningRate lrMax) {
    fitOneCycle(epochs, lrMax, 25, 1e5, 0.25);
  }

  /** As {@link #fitOneCycle(int, LearningRate)} from epoch {@code startEpoch} of it on. */
  public void fitOneCycle(int epochs, LearningRate lrMax, int startEpoch) {
    fitScheduled(epochs, Schedule.oneCycle(lrMax, 25, 1e5, 0.25, moms), startEpoch);
  }

  /**
   * As {@link #fitOneCycle(int, double)} from {@code lrMax/div} to {@code lrMax/divFinal}, with the
   * peak after the share {@code pctStart} of the batches.
   */
  public void fitOneCycle(
      int epochs, LearningRate lrMax, double div, double divFinal, double pctStart) {
    fitScheduled(epochs, Schedule.oneCycle(lrMax, div, divFinal, pctStart, moms));
  }

  /**
   * Trains with a constant learning rate for three quarters of the batches, then down a cosine to
   * {@code lr/100000}; the momentum stays. fastai's {@code fit_flat_cos}.
   */
  public void fitFlatCos(int epochs, double lr) {
    fitScheduled(epochs, Schedule.flatCos(LearningRate.of(lr)));
  }

  /**
   * Trains in {@code cycles} cycles, each down a cosine from {@code lrMax} to 0: the first {@code
   * cycleLen} epochs long, each {@code cycleMult} times as long as the one before. Loshchilov and
   * Hutter, 2016; fastai's {@code fit_sgdr}.
   */
  public void fitSgdr(int cycles, int cycleLen, double lrMax, int cycleMult) {
    fitScheduled(
        Schedule.sgdrEpochs(cycles, cycleLen, cycleMult),
        Schedule.sgdr(LearningRate.of(lrMax), cycles, cycleLen, cycleMult));
  }

  /** As {@link #fineTune(int, double)} with a base learning rate of 0.002. */
  public void fineTune(int epochs) {
    fineTune(epochs, 2e-3);
  }

  /** As {@link #fineTune(int, double, int, double, double, double)} with fastai's defaults. */
  public void fineTune(int epochs, double baseLr) {
    fineTune(epochs, baseLr, 1, 100, 0.3, 5);
  }

  /**
   * Trains the last group alone for {@code freezeEpochs}, then all of the model for {@code epochs}
   * at half the rate, from {@code baseLr/lrMult} in the first group to {@code baseLr} in the last;
   * fastai's {@code fine_tune}.
   */
  public void fineTune(
      int epochs, double baseLr, int freezeEpochs, double lrMult, double pctStart, double div) {
    freeze();
    fitOneCycle(freezeEpochs, LearningRate.slice(baseLr), 25, 1e5, 0.99);
    double half = baseLr / 2;
    unfreeze();
    fitOneCycle(epochs, LearningRate.slice(half / lrMult, half), div, 1e5, pctStart);
  }

  private void run(int epochs, int startEpoch, Callback hypers) {
    if (epochs < 1) {
      throw new IllegalArgumentException("fit: " + epochs + " epochs; use 1 or more");
    }
    if (startEpoch < 0 || startEpoch >= epochs) {
      throw new IllegalArgumentException(
          "fit: there is no epoch %d to start at; %d epochs are numbered 0 to %d"
              .formatted(startEpoch, epochs, epochs - 1));
    }
    if (dls.train().size() == 0) {
      throw new DataException(
          "fit: the training set of "
              + dls.train().items()
              + " items has no batch of "
              + dls.train().batchSize()
              + "; use a smaller batch size");
    }
    optimizer();
    if (checkpoints.beginFit(this, epochs)) {
      List<Callback> extra =
          startEpoch == 0 ? List.of(hypers) : List.of(hypers, new SkipToEpoch(startEpoch));
      loop.fit(Run.FIT, epochs, checkpoints.with(extra));
    }
  }

  /** Tries learning rates from 1e-7 to 10 in at most 100 batches; see {@link LRFind}. */
  public LRFind lrFind() {
    return lrFind(1e-7, 10, 100, true);
  }

  /**
   * Trains on up to {@code batches} batches while the learning rate grows from {@code start} to
   * {@code end}, and puts everything back as it was: weights, optimizer, random generator and the
   * recorder's history, even when a batch fails.
   *
   * @param stopOnDivergence whether to stop when the smoothed loss is four times its best
   */
  public LRFind lrFind(double start, double end, int batches, boolean stopOnDivergence) {
    return LRFinder.find(this, start, end, batches, stopOnDivergence);
  }

  /**
   * Trains only the last group of parameters, and normalization layers; fastai's {@code freeze}.
   */
  public void freeze() {
    freezeTo(-1);
  }

  /** Trains all groups of parameters. */
  public void unfreeze() {
    freezeTo(0);
  }

  /**
   * Trains the groups from number {@code n} on, counted from the end if negative, and normalization
   * layers anywhere; forgets the optimizer's state.
   */
  public void freezeTo(int n) {
    optimizer().freezeTo(n);
  }

  /** Loss and metrics on the validation set: valid_loss, then the metrics. */
  public List<Double> validate() {
    return validate(dls.valid());
  }

  /** Loss and metrics on these batches, as they come. */
  public List<Double> validate(DataLoader<Batch> batches) {
    Recorder.Evaluation evaluation = recorder.evaluation();
    loop.evaluate(batches, List.of(evaluation));
    return evaluation.values();
  }

  /** The model's outputs for the validation set, in its order. */
  public Predictions getPreds() {
    return getPreds(dls.valid());
  }

  /** The model's outputs for these batches, as they come. */
  public Predictions getPreds(DataLoader<Batch> batches) {
    GatherPreds gathered = new GatherPreds();
    loop.evaluate(batches, List.of(gathered));
    return gathered.predictions(lossFunction);
  }

  /** As {@link #tta(int)} with fastai's four passes. */
  public TtaPredictions tta() {
    return tta(4);
  }

  /**
   * What the model makes of the validation set and of {@code n} passes over it with the transforms
   * of training; fastai's {@code tta}.
   *
   * @throws DataException if the data do not know how they are augmented
   */
  public TtaPredictions tta(int n) {
    return tta(dls.augmentedValid(), dls.valid(), n);
  }

  /**
   * As {@link #tta(int)}, for any items.
   *
   * @param augmented the items, changed at random anew at each pass
   * @param plain the same items in the same order as they are
   */
  public TtaPredictions tta(DataLoader<Batch> augmented, DataLoader<Batch> plain, int n) {
    return TtaPredictions.of(this, augmented, plain, n);
  }

  /**
   * What the model makes of one item, {@code [...]} as it is in a batch without the first
   * dimension: the loss's activation of its output. No events, one forward pass.
   */
  public Tensor predict(Tensor item) {
    return Torch.withNumThreads(
        threads > 0 ? threads : Threads.toPredict(model),
        () -> Predictions.one(model, lossFunction, item, device));
  }

  /**
   * Writes model and optimizer to one safetensors file, or nothing at all; {@link #load} reads it.
   * Everything is kept by name.
   */
  public void save(Path file) {
    SavedLearner.save(this, file);
  }

  /**
   * Takes over model and, where they are there, optimizer state and hyper-parameters from a file
   * that {@link #save} wrote, or the model alone from a {@code .pth} state dict.
   */
  public void load(Path file) {
    SavedLearner.load(this, file);
  }

  /**
   * Writes all that a fit needs to go on to {@code folder}, every {@code everyBatches} batches and
   * at the end of each epoch; the newest two files are kept. See {@link #resume}. A fit that also
   * measures the training batches ({@link Recorder#withTrainMetrics}) is refused.
   *
   * <p>Beside weights and optimizer state, a file holds the recorder's history as text, about 20
   * bytes a number: 8 MB after 100,000 batches of one cycle, where it has four for each.
   */
  public Learner checkpoint(Path folder, int everyBatches) {
    checkpoints.writeTo(folder, everyBatches);
    return this;
  }

  /**
   * Goes on where the newest good checkpoint of {@code folder} was written. To be called before the
   * same calls of fit as in the run that ended: those that had ended are skipped, the one that had
   * not goes on at its next batch, and ends with the weights it would have ended with, bit by bit,
   * if the model is on the same device (what that draws, such as dropout, goes on too). With no
   * checkpoint there, fits start from the beginning.
   *
   * @return whether there was one
   */
  public boolean resume(Path folder) {
    return checkpoints.resumeFrom(this, folder);
  }

  /** Moves the model to {@code device}; batches follow. */
  public Learner to(Device device) {
    model.to(device);
    this.device = device;
    return this;
  }

  /** Adds a callback to the fits to come. */
  public Learner addCallback(Callback callback) {
    loop.add(callback);
    return this;
  }

  /** Removes a callback. */
  public Learner removeCallback(Callback callback) {
    loop.remove(callback);
    return this;
  }

  /** The callbacks in the order they run. */
  public List<Callback> callbacks() {
    return List.copyOf(loop.callbacks());
  }

  /**
   * Ends the present fit after the batch it is in, as if a callback had cancelled it; from any
   * thread. Interrupting the thread that trains does the same.
   */
  public void stop() {
    loop.requestStop();
  }

  /** For a callback: ends the fit now, and says why in {@link #stopReason()}. */
  public void endFit(String reason) {
    loop.endFit(reason);
  }

  /** For a callback: a line for those who watch the fit, printed below the table so far. */
  public void say(String text) {
    loop.say(text);
  }

  /** Why the last fit ended early, if it did. */
  public Optional<String> stopReason() {
    return loop.stopReason();
  }

  /** How many threads an operation of a fit is given. */
  public int threads() {
    return threads > 0 ? threads : Threads.toTrain(model);
  }

  /** The model. */
  public Module model() {
    return model;
  }

  /**
   * The table of {@link Module#summary(Tensor)} for a batch of the validation set, and below it
   * optimizer, loss, what is frozen and the callbacks; fastai's.
   */
  public String summary() {
    String table = Scope.compute(() -> model.summary(dls.valid().oneBatch().x().to(device)));
    int frozen = optimizer().frozenTo();
    return table
        + "\nOptimizer used: "
        + optimizer().getClass().getSimpleName()
        + "\nLoss function: "
        + (lossFunction().getClass().isSynthetic() ? "a lambda" : lossFunction())
        + (frozen == 0 ? "\n\nModel unfrozen" : "\n\nModel frozen up to parameter group #" + frozen)
        + "\n\nCallbacks:\n"
        + callbacks().stream()
            .map(c -> "  - " + c.getClass().getSimpleName() + "\n")
            .collect(Collectors.joining());
  }

  /**
   * The loop of a fit as text, with the callbacks that do something at each event in the order they
   * are called; fastai's {@code show_training_loop}, which prints it.
   */
  public String showTrainingLoop() {
    return LoopText.of(callbacks());
  }

  /** The data. */
  public DataLoaders dls() {
    return dls;
  }

  /** What the fits wrote down. */
  public Recorder recorder() {
    return recorder;
  }

  /** Where the model is. */
  public Device device() {
    return device;
  }

  /** The optimizer. It is made, with the learner's groups and names, when it is first needed. */
  public Optimizer optimizer() {
    if (optimizer == null) {
      Map<String, Tensor> names = model.namedParameters();
      optimizer =
          optimizerFunction
              .create(List.copyOf(names.values()), lr)
              .withNames(names)
              .withGroups(splitter.apply(model));
      if (!decayNormsAndBiases) {
        optimizer.withoutDecay(model.undecayed());
      }
      if (trainNorms) {
        optimizer.alwaysTrained(model.normParameters());
      }
      if (!Double.isNaN(wd)) {
        optimizer.setHyper("wd", wd);
      }
    }
    return optimizer;
  }

  /** The loss in use. */
  public Loss lossFunction() {
    return lossFunction;
  }

  /** For a callback that trains with another loss for a while. */
  public void setLossFunction(Loss loss) {
    lossFunction = loss;
  }

  /** The present batch, in an event of one. */
  public Batch batch() {
    return loop.batch();
  }

  /** For a callback, from {@code beforeBatch}: what the model and the loss are to see instead. */
  public void setBatch(Batch batch) {
    loop.batch(batch);
  }

  /** The model's output for the present batch, from {@code afterPred} on. */
  public Tensor pred() {
    return loop.pred();
  }

  /** For a callback, from {@code afterPred}: what the loss is to see instead. */
  public void setPred(Tensor pred) {
    loop.pred(pred);
  }

  /** The present loss as a tensor, from {@code afterLoss} on. */
  public Tensor lossTensor() {
    return loop.lossTensor();
  }

  /** For a callback, from {@code afterLoss}: what is differentiated; {@link #loss()} stays. */
  public void setLossTensor(Tensor loss) {
    loop.lossTensor(loss);
  }

  /** Whether the present batch has come as far as its loss. */
  public boolean hasLoss() {
    return loop.hasLoss();
  }

  /** The last loss as a number; 0 before the first of a fit. */
  public double loss() {
    return loop.loss();
  }

  /** The smoothed training loss; see {@link Recorder}. */
  public double smoothLoss() {
    List<Double> losses = recorder.losses();
    return losses.isEmpty() ? Double.NaN : losses.get(losses.size() - 1);
  }

  /** What the present events are part of. */
  public Run run() {
    return loop.run();
  }

  /** The number of the present epoch, from 0. */
  public int epoch() {
    return loop.epoch();
  }

  /** How many epochs the present fit has. */
  public int epochs() {
    return loop.epochs();
  }

  /** The number of the present batch in its pass, from 0. */
  public int iteration() {
    return loop.iteration();
  }

  /** How many batches the present pass has. */
  public int iterations() {
    return loop.iterations();
  }

  /** How much of the fit's training is done, 0..1. */
  public double pctTrain() {
    return loop.pctTrain();
  }

  /** Whether the present pass is one of training. */
  public boolean isTraining() {
    return loop.training;
  }

  TrainingLoop loop() {
    return loop;
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }
}
