package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fastai4j.nn.AdaptiveAvgPool2d;
import org.fastai4j.nn.AdaptiveConcatPool2d;
import org.fastai4j.nn.BatchNorm1d;
import org.fastai4j.nn.Dropout;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.Layer;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.NormOptions;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Tensor;

/**
 * fastai's head for a body: pooling, then for each linear layer batch normalization, dropout, the
 * layer and ReLU.
 *
 * <p>Shapes: {@code [n, features, h, w]} to {@code [n, classes]}. The options are those of fastai's
 * {@code create_head}; each method gives a copy.
 *
 * <pre>{@code
 * Sequential head = VisionHead.standard().withHidden(256, 128).withDropout(0.4).create(512, 10);
 * }</pre>
 */
public final class VisionHead {
  private static final double NORM_BIAS = 1e-3;

  private int[] hidden = {512};
  private double[] dropout = {0.5};
  private boolean concatPool = true;
  private boolean firstNorm = true;
  private boolean finalNorm;
  private boolean linearFirst;
  private double[] range = {};

  private VisionHead() {}

  /** One hidden layer of 512, half of its outputs dropped, a quarter of the features. */
  public static VisionHead standard() {
    return new VisionHead();
  }

  /** The outputs of the hidden layers ({@code lin_ftrs}); none for a single linear layer. */
  public VisionHead withHidden(int... outputs) {
    VisionHead made = copy();
    made.hidden = outputs.clone();
    return made;
  }

  /**
   * The probabilities of being dropped before each linear layer ({@code ps}); if one is given, it
   * is the last one's, and the others' are half of it.
   */
  public VisionHead withDropout(double... ps) {
    VisionHead made = copy();
    made.dropout = ps.clone();
    return made;
  }

  /** Means of the features alone, not their maxima too ({@code concat_pool=False}). */
  public VisionHead withoutConcatPool() {
    VisionHead made = copy();
    made.concatPool = false;
    return made;
  }

  /** No normalization of the features ({@code first_bn=False}). */
  public VisionHead withoutFirstNorm() {
    VisionHead made = copy();
    made.firstNorm = false;
    return made;
  }

  /** Batch normalization of the outputs ({@code bn_final=True}). */
  public VisionHead withFinalNorm() {
    VisionHead made = copy();
    made.finalNorm = true;
    return made;
  }

  /** Linear layers and ReLU before normalization and dropout ({@code lin_first=True}). */
  public VisionHead withLinearFirst() {
    VisionHead made = copy();
    made.linearFirst = true;
    return made;
  }

  /** Outputs between two bounds, by a sigmoid ({@code y_range}), for regression. */
  public VisionHead withRange(double low, double high) {
    VisionHead made = copy();
    made.range = new double[] {low, high};
    return made;
  }

  private VisionHead copy() {
    VisionHead made = new VisionHead();
    made.hidden = hidden;
    made.dropout = dropout;
    made.concatPool = concatPool;
    made.firstNorm = firstNorm;
    made.finalNorm = finalNorm;
    made.linearFirst = linearFirst;
    made.range = range;
    return made;
  }

  /**
   * A head, untrained: linear weights are drawn from {@code N(0, 2 / inputs)}, biases are 0, those
   * of normalization 0.001.
   *
   * @param features the channels of the body's output
   */
  public Sequential create(int features, int classes) {
    List<Layer> layers = new ArrayList<>();
    layers.add(concatPool ? new AdaptiveConcatPool2d() : new AdaptiveAvgPool2d(1));
    layers.add(new Flatten());
    int[] sizes = new int[hidden.length + 2];
    sizes[0] = concatPool ? 2 * features : features;
    System.arraycopy(hidden, 0, sizes, 1, hidden.length);
    sizes[sizes.length - 1] = classes;
    double[] ps = dropouts(sizes.length - 1);
    if (linearFirst) {
      layers.add(new Dropout(ps[0]));
    }
    for (int i = 0; i < ps.length; i++) {
      boolean last = i == ps.length - 1;
      boolean norm = i > 0 || firstNorm;
      int in = sizes[i];
      int out = sizes[i + 1];
      if (!linearFirst) {
        addNormAndDropout(layers, norm, in, ps[i]);
        addLinear(layers, in, out, !norm, !last);
      } else if (!last) {
        addLinear(layers, in, out, !norm, true);
        addNormAndDropout(layers, norm, out, ps[i + 1]);
      } else {
        addLinear(layers, in, out, true, false);
      }
    }
    if (finalNorm) {
      layers.add(norm(classes, NormOptions.DEFAULT.withMomentum(0.01)));
    }
    if (range.length > 0) {
      double low = range[0];
      double high = range[1];
      layers.add(x -> x.sigmoid().mul(high - low).add(low));
    }
    Sequential head = new Sequential(layers.toArray(Layer[]::new));
    KaimingNormal.init_(head);
    return head;
  }

  private double[] dropouts(int linears) {
    if (dropout.length == 1) {
      double[] ps = new double[linears];
      Arrays.fill(ps, dropout[0] / 2);
      ps[linears - 1] = dropout[0];
      return ps;
    } else if (dropout.length != linears) {
      throw new IllegalArgumentException(
          "the head has %d linear layers, but %d dropout probabilities; give one or %d"
              .formatted(linears, dropout.length, linears));
    }
    return dropout;
  }

  private static void addNormAndDropout(List<Layer> layers, boolean norm, int size, double p) {
    if (norm) {
      layers.add(norm(size, NormOptions.DEFAULT));
    }
    if (p != 0) {
      layers.add(new Dropout(p));
    }
  }

  private static void addLinear(
      List<Layer> layers, int in, int out, boolean bias, boolean activation) {
    layers.add(bias ? new Linear(in, out) : Linear.withoutBias(in, out));
    if (activation) {
      layers.add(new ReLU());
    }
  }

  private static BatchNorm1d norm(int size, NormOptions options) {
    BatchNorm1d made = new BatchNorm1d(size, options);
    Tensor bias = requireNonNull(made.namedParameters().get("bias"));
    Autograd.noGrad(() -> bias.fill_(NORM_BIAS));
    return made;
  }
}
