package org.fastai4j.bench;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.ProgressCallback;
import org.fastai4j.nn.Module;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.Models;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Ten epochs of {@code simple_net} on as many random pixels as MNIST_SAMPLE has: the bare loop of
 * the same operations, losses and accuracies read, and the {@link Learner} with all it has by
 * default: recorder, metric and the table of progress.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(2)
public class SimpleNet {
  private static final int EPOCHS = 10;
  private static final int BATCH = 256;

  private TensorDataset train = rows(1);
  private TensorDataset valid = rows(1);

  @Setup
  public void makeData() {
    Torch.setNumThreads(1);
    train = rows(12_396);
    valid = rows(2_038);
  }

  @Benchmark
  public double bareLoop() {
    Module net = Models.simpleNet(1);
    Optimizer opt = new SGD(net.parameters(), 0.1);
    DataLoader<Batch> batches = DataLoader.of(train, BATCH).shuffle();
    double[] sums = new double[2];
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      batches.forEach(
          (xb, yb) -> {
            Tensor loss = loss(net.forward(xb), yb);
            sums[0] += loss.item();
            loss.backward();
            opt.step();
            opt.zeroGrad();
          });
      Autograd.noGrad(
          () ->
              DataLoader.of(valid, BATCH)
                  .forEach(
                      (xb, yb) -> {
                        Tensor preds = net.forward(xb);
                        sums[0] += loss(preds, yb).item();
                        sums[1] += accuracy(preds, yb).item();
                      }));
    }
    return sums[0] + sums[1];
  }

  @Benchmark
  public void learner() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Learner.builder(DataLoaders.of(train, valid, BATCH), Models.simpleNet(1))
        .loss(SimpleNet::loss)
        .optimizer(SGD::new)
        .metric("batch_accuracy", SimpleNet::accuracy)
        .callback(new ProgressCallback(nowhere, true))
        .build()
        .fit(EPOCHS, 0.1);
  }

  private static Tensor loss(Tensor predictions, Tensor targets) {
    Tensor p = predictions.sigmoid();
    return Tensor.where(targets.eq(1), p.rsub(1), p).mean();
  }

  private static Tensor accuracy(Tensor predictions, Tensor targets) {
    return predictions.sigmoid().gt(0.5).eq(targets).toFloat().mean();
  }

  private static TensorDataset rows(int n) {
    return TensorDataset.of(Tensor.rand(n, 784), Tensor.rand(n, 1).round());
  }
}
