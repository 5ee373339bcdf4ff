package org.fastai4j.vision;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.ConvOptions;
import org.fastai4j.nn.Identity;
import org.fastai4j.nn.Layer;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.OnnxLayer;
import org.fastai4j.nn.OnnxNodes;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Tensor;

/**
 * A block of a {@link ResNet}: {@code relu(f(x) + shortcut(x))}, where {@code f} is two or three
 * convolutions with batch normalization and, between them, ReLU.
 *
 * <p>Shapes: {@code [n, in, h, w]} to {@code [n, out, h / stride, w / stride]}. The shortcut is
 * {@code x} itself, or a 1 x 1 convolution where the shape changes.
 */
final class ResidualBlock extends Module implements OnnxLayer {
  /** How many times the inner channels of a bottleneck come out of it. */
  static final int EXPANSION = 4;

  private final List<Conv2d> convolutions = new ArrayList<>();
  private final List<BatchNorm2d> norms = new ArrayList<>();
  private final ReLU relu = ReLU.inPlace();
  private final Layer shortcut;

  private ResidualBlock(int in, int out, int stride, Conv2d... path) {
    for (int i = 0; i < path.length; i++) {
      convolutions.add(child("conv" + (i + 1), path[i]));
      norms.add(child("bn" + (i + 1), new BatchNorm2d((int) path[i].weight().size(0))));
    }
    child("relu", relu);
    shortcut =
        stride == 1 && in == out
            ? new Identity()
            : child(
                "downsample",
                new Sequential(convolution(in, out, 1, stride), new BatchNorm2d(out)));
  }

  /** Two 3 x 3 convolutions. */
  static ResidualBlock basic(int in, int out, int stride) {
    return new ResidualBlock(
        in, out, stride, convolution(in, out, 3, stride), convolution(out, out, 3, 1));
  }

  /** 1 x 1 to fewer channels, 3 x 3, and 1 x 1 to {@code EXPANSION · width}. */
  static ResidualBlock bottleneck(int in, int width, int stride) {
    int out = EXPANSION * width;
    return new ResidualBlock(
        in,
        out,
        stride,
        convolution(in, width, 1, 1),
        convolution(width, width, 3, stride),
        convolution(width, out, 1, 1));
  }

  /**
   * A convolution that keeps the size but for its stride, without a bias, drawn from {@code N(0, 2
   * / (out · kernel²))}: the variance of what flows back is kept.
   */
  static Conv2d convolution(int in, int out, int kernel, int stride) {
    Conv2d made =
        new Conv2d(
            in, out, ConvOptions.kernel(kernel).stride(stride).padding(kernel / 2).withoutBias());
    Autograd.noGrad(
        () -> made.weight().normal_(0, Math.sqrt(2.0 / ((double) out * kernel * kernel))));
    return made;
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (int i = 0; i < convolutions.size(); i++) {
      y = norms.get(i).forward(convolutions.get(i).forward(i == 0 ? y : relu.forward(y)));
    }
    return relu.forward(y.add_(shortcut.forward(x)));
  }

  @Override
  public String toOnnx(OnnxNodes nodes, String x) {
    String y = x;
    for (int i = 0; i < convolutions.size(); i++) {
      y = nodes.layer(convolutions.get(i), i == 0 ? y : nodes.layer(relu, y));
      y = nodes.layer(norms.get(i), y);
    }
    return nodes.layer(relu, nodes.node("Add", y, nodes.layer(shortcut, x)));
  }
}
