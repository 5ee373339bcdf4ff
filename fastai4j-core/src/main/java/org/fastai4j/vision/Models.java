package org.fastai4j.vision;

import java.util.List;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.TensorException;

/** The nets that can be built by name, for images of 28 by 28 pixels. */
public final class Models {
  private Models() {}

  /** The names that {@link #create} knows. */
  public static List<String> names() {
    return List.of("linear", "simple_net", "simple_cnn");
  }

  /** The net of this name, untrained; two classes need a single output in the first two. */
  public static Module create(String name, int classes) {
    int outputs = classes == 2 ? 1 : classes;
    return switch (name) {
      case "linear" -> new Sequential(new Linear(28 * 28, outputs));
      case "simple_net" -> simpleNet(outputs);
      case "simple_cnn" -> simpleCnn(classes);
      default ->
          throw new TensorException(
              "no net is called '" + name + "'; there are " + String.join(", ", names()));
    };
  }

  /** The chapter's two layers: {@code [n, 784]} to {@code [n, outputs]}, 30 in between. */
  public static Sequential simpleNet(int outputs) {
    return new Sequential(new Linear(28 * 28, 30), new ReLU(), new Linear(30, outputs));
  }

  /**
   * Four convolutions that halve the image, each with batch normalization and ReLU, and a linear
   * layer: {@code [n, 1, 28, 28]} to {@code [n, classes]}.
   */
  public static Sequential simpleCnn(int classes) {
    return new Sequential(
        new Conv2d(1, 8, 5, 2, 2),
        new BatchNorm2d(8),
        new ReLU(),
        new Conv2d(8, 16, 3, 2, 1),
        new BatchNorm2d(16),
        new ReLU(),
        new Conv2d(16, 32, 3, 2, 1),
        new BatchNorm2d(32),
        new ReLU(),
        new Conv2d(32, 64, 3, 2, 1),
        new BatchNorm2d(64),
        new ReLU(),
        new Flatten(),
        new Linear(64 * 2 * 2, classes));
  }
}
