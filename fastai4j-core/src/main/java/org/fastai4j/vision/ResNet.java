package org.fastai4j.vision;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.nn.AdaptiveAvgPool2d;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Layer;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.MaxPool2d;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.OnnxLayer;
import org.fastai4j.nn.OnnxNodes;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Tensor;

/**
 * A residual net: every block adds what it computes to what it was given.
 *
 * <p>Shapes: images {@code [n, channels, h, w]} to {@code [n, classes]}. Structure, names and
 * initial weights are torchvision's, with the stride of a bottleneck in its 3 x 3 convolution.
 *
 * <p>Reference: He, Zhang, Ren and Sun, Deep residual learning for image recognition, 2015.
 */
final class ResNet extends Module implements OnnxLayer {
  private final Conv2d conv1;
  private final BatchNorm2d bn1;
  private final ReLU relu;
  private final MaxPool2d maxpool;
  private final List<Sequential> stages = new ArrayList<>();
  private final AdaptiveAvgPool2d avgpool;
  private final Linear fc;

  /**
   * @param bottleneck whether a block squeezes its channels to a quarter between 1 x 1 convolutions
   * @param blocks how many blocks each stage has
   * @param widths the channels of each stage, for bottlenecks a quarter of those that come out
   */
  ResNet(boolean bottleneck, int[] blocks, int[] widths, int classes, int channels) {
    int in = widths[0];
    conv1 = child("conv1", ResidualBlock.convolution(channels, in, 7, 2));
    bn1 = child("bn1", new BatchNorm2d(in));
    relu = child("relu", ReLU.inPlace());
    maxpool = child("maxpool", new MaxPool2d(3, 2, 1));
    for (int i = 0; i < blocks.length; i++) {
      Layer[] stage = new Layer[blocks[i]];
      for (int j = 0; j < stage.length; j++) {
        int stride = i > 0 && j == 0 ? 2 : 1;
        stage[j] =
            bottleneck
                ? ResidualBlock.bottleneck(in, widths[i], stride)
                : ResidualBlock.basic(in, widths[i], stride);
        in = bottleneck ? ResidualBlock.EXPANSION * widths[i] : widths[i];
      }
      stages.add(child("layer" + (i + 1), new Sequential(stage)));
    }
    avgpool = child("avgpool", new AdaptiveAvgPool2d(1));
    fc = child("fc", new Linear(in, classes));
  }

  /** The nets of the paper and of torchvision, by their number of layers. */
  static ResNet of(int layers, int classes, int channels) {
    int[] widths = {64, 128, 256, 512};
    return switch (layers) {
      case 18 -> new ResNet(false, new int[] {2, 2, 2, 2}, widths, classes, channels);
      case 34 -> new ResNet(false, new int[] {3, 4, 6, 3}, widths, classes, channels);
      case 50 -> new ResNet(true, new int[] {3, 4, 6, 3}, widths, classes, channels);
      case 101 -> new ResNet(true, new int[] {3, 4, 23, 3}, widths, classes, channels);
      case 152 -> new ResNet(true, new int[] {3, 8, 36, 3}, widths, classes, channels);
      default -> throw new IllegalArgumentException("there is no ResNet of " + layers + " layers");
    };
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = maxpool.forward(relu.forward(bn1.forward(conv1.forward(x))));
    for (Sequential stage : stages) {
      y = stage.forward(y);
    }
    return fc.forward(avgpool.forward(y).flatten(1, -1));
  }

  @Override
  public String toOnnx(OnnxNodes nodes, String x) {
    String y = nodes.layer(new Sequential(conv1, bn1, relu, maxpool), x);
    for (Sequential stage : stages) {
      y = nodes.layer(stage, y);
    }
    return nodes.layer(new Sequential(avgpool, new Flatten(), fc), y);
  }
}
