package org.fastai4j.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Learner;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageInput;
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
 * How long one prediction takes, from picture to label, by {@code simple_cnn} that is loaded; its
 * median stands at {@code p0.50}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OnePrediction {
  private final Image image = Image.fromBytes("L", 28, 28, DrawnDigits.draw(7, 1));
  private final ImageClassifier digits =
      ImageClassifier.create("simple_cnn", List.of("3", "7"), ImageInput.DIGITS);
  private final ImageClassifier grey =
      ImageClassifier.create("simple_cnn", List.of("3", "7"), ImageInput.grey(28, 28));
  private final Tensor item = Tensor.rand(1, 28, 28);
  private Learner learner = learner();

  @Setup
  public void setThreads() {
    Torch.setNumThreads(Runtime.getRuntime().availableProcessors());
    learner = learner();
  }

  private Learner learner() {
    TensorDataset none = TensorDataset.of(Tensor.zeros(1, 1, 28, 28), Tensor.zeros(1));
    return grey.learner(DataLoaders.of(none, none, 1)).quiet().build();
  }

  /** With the search for the digit on the picture. */
  @Benchmark
  public String ofADigit() {
    return digits.predict(image).label();
  }

  @Benchmark
  public String ofAGreyImage() {
    return grey.predict(image).label();
  }

  @Benchmark
  public double byTheLearner() {
    return learner.predict(item).toDoubleArray()[0];
  }
}
