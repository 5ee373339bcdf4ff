package org.fastai4j.bench;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.ConvOptions;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
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

/**
 * A convolution of three by three over 64 images of one or two pixels a side, as the last stages of
 * a ResNet see them, forward and backward: as the layer takes it, and by the engine's convolution
 * of the whole kernel.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SmallImages {
  private static final long[] ONE = {1, 1};

  @Param({"1", "2"})
  private int side = 1;

  @Param({"64", "256", "512"})
  private int channels = 64;

  @Param({"fp32", "bf16"})
  private String precision = "fp32";

  private Conv2d conv = new Conv2d(1, 1, 1);
  private Tensor x = Tensor.zeros(1);
  private Tensor upstream = Tensor.zeros(1);

  @Setup
  public void make() {
    DType dtype = precision.equals("bf16") ? DType.BFLOAT16 : DType.FLOAT32;
    conv = new Conv2d(channels, channels, ConvOptions.kernel(3).padding(1).withoutBias());
    conv.weight().setData_(conv.weight().detach().channelsLast());
    x = Tensor.randn(64, channels, side, side).channelsLast().to(dtype).requiresGrad_();
    upstream = Tensor.randn(64, channels, side, side).channelsLast().to(dtype);
  }

  @Benchmark
  public void layer() {
    step(() -> conv.forward(x));
  }

  @Benchmark
  public void engine() {
    step(() -> x.conv2d(conv.weight(), ONE, ONE, ONE, 1));
  }

  private void step(Supplier<Tensor> forward) {
    Scope.run(
        () -> {
          conv.weight().zeroGrad();
          x.zeroGrad();
          Tensor y =
              precision.equals("bf16")
                  ? Torch.withAutocast(Device.CPU, DType.BFLOAT16, forward)
                  : forward.get();
          y.mul(upstream).sum().backward();
        });
  }
}
