package org.fastai4j.vision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.nn.AdaptiveAvgPool2d;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.ConvLayer;
import org.fastai4j.nn.Dropout;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.MaxPool2d;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.TensorException;

/**
 * The nets that can be built by name: the chapter's and a deeper one, for images of 28 by 28
 * pixels, and residual nets for images of any size.
 *
 * <p>The names in a resnet's state dict are torchvision's, those of an xresnet fastai's, so that
 * weights go both ways.
 */
public final class Models {
  private static final int SIDE = 28;
  private static final int GREY = 1;
  private static final int COLOR = 3;

  /** Makes a net for so many classes and channels. */
  private interface Maker {
    Module make(int classes, int channels);
  }

  private static final Map<String, Maker> MAKERS = makers();

  private Models() {}

  private static Map<String, Maker> makers() {
    Map<String, Maker> out = new LinkedHashMap<>();
    out.put("linear", (n, c) -> new Sequential(new Linear(SIDE * SIDE * c, outputs(n))));
    out.put("simple_net", (n, c) -> simpleNet(outputs(n), c));
    out.put("simple_cnn", Models::simpleCnn);
    out.put("deep_cnn", Models::deepCnn);
    for (int layers : new int[] {18, 34, 50, 101, 152}) {
      out.put("resnet" + layers, (n, c) -> ResNet.of(layers, n, c));
    }
    for (int layers : new int[] {18, 34, 50}) {
      out.put("xresnet" + layers, (n, c) -> XResNet.of(layers, n, c));
    }
    return out;
  }

  /** Two classes need a single output in the chapter's first nets. */
  private static int outputs(int classes) {
    return classes == 2 ? 1 : classes;
  }

  /** The names that {@link #create} knows. */
  public static List<String> names() {
    return new ArrayList<>(MAKERS.keySet());
  }

  /**
   * The net of this name, untrained, for color images in residual nets and for grey ones in the
   * others.
   */
  public static Module create(String name, int classes) {
    return create(name, classes, VisionModels.hasBody(name) ? COLOR : GREY);
  }

  /**
   * The net of this name, untrained, for images of so many channels; two classes need a single
   * output in {@code linear} and {@code simple_net}.
   */
  public static Module create(String name, int classes, int channels) {
    Maker maker = MAKERS.get(name);
    if (maker == null) {
      throw new TensorException(
          "no net is called '" + name + "'; there are " + String.join(", ", names()));
    }
    return maker.make(classes, channels);
  }

  /** The chapter's two layers: {@code [n, 784]} to {@code [n, outputs]}, 30 in between. */
  public static Sequential simpleNet(int outputs) {
    return simpleNet(outputs, GREY);
  }

  private static Sequential simpleNet(int outputs, int channels) {
    return new Sequential(
        new Linear(SIDE * SIDE * channels, 30), new ReLU(), new Linear(30, outputs));
  }

  /** {@link #simpleCnn(int, int)} for grey images. */
  public static Sequential simpleCnn(int classes) {
    return simpleCnn(classes, GREY);
  }

  /**
   * Four convolutions that halve the image, each with batch normalization and ReLU, and a linear
   * layer: {@code [n, channels, 28, 28]} to {@code [n, classes]}.
   */
  public static Sequential simpleCnn(int classes, int channels) {
    return new Sequential(
        new Conv2d(channels, 8, 5, 2, 2),
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

  /**
   * Six convolutions of 3 by 3, each with batch normalization and ReLU, two at each of three sizes
   * of the image, and a linear layer on the means of their 64 channels: {@code [n, channels, 28,
   * 28]} to {@code [n, classes]}. Six epochs on MNIST, with {@link AugTransforms#digits}, batches
   * of 128 and bf16, gave 99.56 %.
   */
  public static Sequential deepCnn(int classes, int channels) {
    return new Sequential(
        new ConvLayer(channels, 16),
        new ConvLayer(16, 16),
        new MaxPool2d(2),
        new ConvLayer(16, 32),
        new ConvLayer(32, 32),
        new MaxPool2d(2),
        new ConvLayer(32, 64),
        new ConvLayer(64, 64),
        new AdaptiveAvgPool2d(1),
        new Flatten(),
        new Dropout(0.2),
        new Linear(64, classes));
  }
}
