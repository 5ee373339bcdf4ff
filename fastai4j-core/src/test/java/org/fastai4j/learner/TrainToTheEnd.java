package org.fastai4j.learner;

import java.nio.file.Path;
import java.util.Map;
import org.fastai4j.callback.MixUp;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.io.Safetensors;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.BatchNorm1d;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Dropout;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/**
 * A process that trains two fits with checkpoints, from the newest on, and writes weights and
 * losses at its end. It prints a line for every batch, so that it can be killed at any of them.
 */
final class TrainToTheEnd {
  private static final int EPOCHS = 6;

  private TrainToTheEnd() {}

  /** {@code args}: the folder of the checkpoints and the file of the weights. */
  public static void main(String[] args) {
    Learner learn = learner();
    learn.checkpoint(Path.of(args[0]), 2);
    learn.resume(Path.of(args[0]));
    learn.addCallback(
        Callback.on(
            Event.BEFORE_BATCH,
            l -> {
              if (l.isTraining()) {
                System.out.println("batch");
              }
            }));
    train(learn, Path.of(args[1]));
  }

  static Learner learner() {
    Torch.manualSeed(11);
    Tensor x = Tensor.randn(480, 20);
    Tensor y = x.sum(1).gt(0).toLong();
    TensorDataset data = TensorDataset.of(x, y);
    Sequential model =
        new Sequential(
            new Linear(20, 64),
            new BatchNorm1d(64),
            new ReLU(),
            new Dropout(0.3),
            new Linear(64, 2));
    return Learner.builder(
            new DataLoaders(DataLoader.of(data, 16).shuffle(), DataLoader.of(data, 64)), model)
        .loss(new CrossEntropyLoss())
        .metric(Metrics.accuracy())
        .callback(new MixUp())
        .quiet()
        .build();
  }

  static void train(Learner learn, Path weights) {
    learn.fitOneCycle(EPOCHS, 0.01);
    learn.fit(EPOCHS, 1e-3);
    Safetensors.save(
        weights,
        learn.model().stateDict(),
        Map.of("losses", learn.recorder().losses() + " " + learn.recorder().values()));
  }
}
