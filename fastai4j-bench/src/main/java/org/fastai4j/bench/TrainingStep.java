package org.fastai4j.bench;

import java.util.concurrent.TimeUnit;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An epoch of the chapter's two-layer net on 12,396 rows of random pixels (49 batches of 256): the
 * bare loop of the same operations, and the {@link Learner} with a small validation set.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TrainingStep {
  @Param({"1", "2"})
  private int threads = 1;

  private TensorDataset train = rows(1);
  private TensorDataset valid = rows(1);

  @Setup
  public void makeData() {
    Torch.setNumThreads(threads);
    train = rows(12_396);
    valid = rows(256);
  }

  @Benchmark
  public void bareLoop() {
    Module net = net();
    Optimizer opt = new SGD(net.parameters(), 0.1);
    DataLoader.of(train, 256)
        .shuffle()
        .forEach(
            (xb, yb) -> {
              loss(net.forward(xb), yb).backward();
              opt.step();
              opt.zeroGrad();
            });
  }

  @Benchmark
  public void learner() {
    Learner.builder(DataLoaders.of(train, valid, 256), net())
        .loss(TrainingStep::loss)
        .optimizer(SGD::new)
        .quiet()
        .build()
        .fit(1, 0.1);
  }

  private static Tensor loss(Tensor predictions, Tensor targets) {
    Tensor p = predictions.sigmoid();
    return Tensor.where(targets.eq(1), p.rsub(1), p).mean();
  }

  private static Module net() {
    return new Sequential(new Linear(784, 30), new ReLU(), new Linear(30, 1));
  }

  private static TensorDataset rows(int n) {
    return TensorDataset.of(Tensor.rand(n, 784), Tensor.rand(n, 1).round());
  }
}
