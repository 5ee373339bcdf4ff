package org.fastai4j.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.io.Png;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.vision.Images;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How many images a second are read from files and stacked. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ImageDecoding {
  private static final int FILES = 2_000;

  private final List<Path> files = new ArrayList<>();

  @Setup
  public void draw() {
    try {
      Path folder = Files.createTempDirectory("fastai4j-bench");
      for (int i = 0; i < FILES; i++) {
        Path file = folder.resolve(i + ".png");
        Files.write(file, Png.encode(28, 28, 1, DrawnDigits.draw(i % 10, i)));
        files.add(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TearDown
  public void delete() {
    for (Path file : files) {
      if (!file.toFile().delete()) {
        file.toFile().deleteOnExit();
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(FILES)
  public void stack() {
    org.fastai4j.tensor.Scope.run(
        () -> {
          Tensor stack = Images.stack(files);
          if (stack.size(0) != FILES) {
            throw new IllegalStateException("images were lost");
          }
        });
  }
}
