package org.fastai4j.bench;

import java.util.concurrent.TimeUnit;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one operation on a tiny tensor costs, which is what the library adds to the engine. */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OpDispatch {
  private Tensor a = Tensor.ones(4);
  private Tensor b = Tensor.ones(4);
  private Scope scope = Scope.open();

  /** Keeps the operands, and gives each iteration a scope to free its results with. */
  @Setup(Level.Iteration)
  public void open() {
    scope = Scope.open();
    a = Scope.keep(Tensor.ones(4));
    b = Scope.keep(Tensor.ones(4));
  }

  @TearDown(Level.Iteration)
  public void close() {
    scope.close();
  }

  @Benchmark
  public void addInAScope() {
    Scope.run(() -> a.add(b));
  }

  @Benchmark
  public void addANumberInAScope() {
    Scope.run(() -> a.add(1));
  }

  @Benchmark
  public void emptyScope() {
    Scope.run(() -> {});
  }

  @Benchmark
  public double item() {
    return Scope.compute(() -> a.get(0).item());
  }
}
