package org.fastai4j.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.AugTransforms;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** fastai's standard augmentations of a batch of 64 images: in all, and without the lighting. */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Augmentation {
  @Param({"1", "2"})
  private int threads = 1;

  @Param({"1x28", "3x128"})
  private String images = "1x28";

  private final SplittableRandom random = new SplittableRandom(1);
  private Tensor x = Tensor.zeros(1);

  @Setup
  public void makeBatch() {
    Torch.setNumThreads(threads);
    String[] size = images.split("x", -1);
    long side = Long.parseLong(size[1]);
    x = Tensor.rand(64, Long.parseLong(size[0]), side, side);
  }

  @Benchmark
  public void augTransforms() {
    Scope.run(() -> AugTransforms.standard().train(x, random));
  }

  @Benchmark
  public void affineOnly() {
    Scope.run(() -> AugTransforms.standard().maxLighting(0).train(x, random));
  }
}
