package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.nn.AdaptiveAvgPool2d;
import org.fastai4j.nn.AvgPool2d;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.ConvOptions;
import org.fastai4j.nn.Dropout;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Layer;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.MaxPool2d;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.OnnxLayer;
import org.fastai4j.nn.OnnxNodes;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Tensor;

/**
 * fastai's variant of a residual net: three small convolutions for the large first one, shortcuts
 * that average before they change the channels, and blocks that begin as the identity.
 *
 * <p>Shapes: images {@code [n, channels, h, w]} to {@code [n, classes]}. Structure, names and
 * initial weights are fastai's {@code xresnet}.
 *
 * <p>Reference: He, Zhang, Zhang, Zhang, Xie and Li, Bag of tricks for image classification with
 * convolutional neural networks, 2018.
 */
final class XResNet {
  private static final int EXPANSION = 4;

  private XResNet() {}

  /** The nets of fastai, by their number of layers. */
  static Sequential of(int layers, int classes, int channels) {
    return switch (layers) {
      case 18 -> create(1, new int[] {2, 2, 2, 2}, classes, channels);
      case 34 -> create(1, new int[] {3, 4, 6, 3}, classes, channels);
      case 50 -> create(EXPANSION, new int[] {3, 4, 6, 3}, classes, channels);
      default -> throw new IllegalArgumentException("there is no XResNet of " + layers + " layers");
    };
  }

  private static Sequential create(int expansion, int[] blocks, int classes, int channels) {
    List<Layer> layers = new ArrayList<>();
    layers.add(convLayer(channels, 32, 3, 2));
    layers.add(convLayer(32, 32, 3, 1));
    layers.add(convLayer(32, 64, 3, 1));
    layers.add(new MaxPool2d(3, 2, 1));
    int in = 64;
    for (int i = 0; i < blocks.length; i++) {
      int width = 64 << i;
      Layer[] stage = new Layer[blocks[i]];
      for (int j = 0; j < stage.length; j++) {
        stage[j] = new Block(expansion, in, width, i > 0 && j == 0 ? 2 : 1);
        in = width * expansion;
      }
      layers.add(new Sequential(stage));
    }
    layers.add(new AdaptiveAvgPool2d(1));
    layers.add(new Flatten());
    layers.add(new Dropout(0));
    Linear last = new Linear(in, classes);
    KaimingNormal.init_(last);
    layers.add(last);
    return new Sequential(layers.toArray(Layer[]::new));
  }

  /** fastai's ConvLayer: the size is kept but for the stride. */
  private static Sequential convLayer(int in, int out, int kernel, int stride) {
    return new Sequential(
        convolution(in, out, kernel, stride), new BatchNorm2d(out), ReLU.inPlace());
  }

  private static Conv2d convolution(int in, int out, int kernel, int stride) {
    Conv2d made =
        new Conv2d(
            in, out, ConvOptions.kernel(kernel).stride(stride).padding(kernel / 2).withoutBias());
    KaimingNormal.init_(made);
    return made;
  }

  /** {@code relu(f(x) + shortcut(x))}, with an {@code f} that is 0 until its norm has learnt. */
  private static final class Block extends Module implements OnnxLayer {
    private final Sequential convpath;
    private final Sequential idpath;
    private final ReLU act = ReLU.inPlace();

    Block(int expansion, int in, int width, int stride) {
      int out = width * expansion;
      BatchNorm2d zero = new BatchNorm2d(out);
      Autograd.noGrad(() -> requireNonNull(zero.namedParameters().get("weight")).zero_());
      convpath =
          child(
              "convpath",
              expansion == 1
                  ? new Sequential(
                      convLayer(in, out, 3, stride),
                      new Sequential(convolution(out, out, 3, 1), zero))
                  : new Sequential(
                      convLayer(in, width, 1, 1),
                      convLayer(width, width, 3, stride),
                      new Sequential(convolution(width, out, 1, 1), zero)));
      List<Layer> shortcut = new ArrayList<>();
      if (stride != 1) {
        shortcut.add(new AvgPool2d(stride, stride, 0, true, true));
      }
      if (in != out) {
        shortcut.add(new Sequential(convolution(in, out, 1, 1), new BatchNorm2d(out)));
      }
      idpath = child("idpath", new Sequential(shortcut.toArray(Layer[]::new)));
      child("act", act);
    }

    @Override
    public Tensor forward(Tensor x) {
      return act.forward(convpath.forward(x).add_(idpath.forward(x)));
    }

    @Override
    public String toOnnx(OnnxNodes nodes, String x) {
      return nodes.layer(act, nodes.node("Add", nodes.layer(convpath, x), nodes.layer(idpath, x)));
    }
  }
}
