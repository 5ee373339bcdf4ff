package org.fastai4j.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A convolution, batch normalization and ReLU: {@code [n, in, h, w]} to {@code [n, out, h / stride,
 * w / stride]}; fastai's.
 *
 * <p>The padding is {@code (kernel - 1) / 2}. There is a bias only without a normalization; it is
 * drawn from N(0, 0.01²). Weights are drawn by the activation's needs: Kaiming's uniform
 * distribution before a ReLU and its like, Xavier's before sigmoid and tanh, PyTorch's own with no
 * activation. The bias of a normalization begins at 0.001.
 */
public final class ConvLayer extends Sequential {
  private static final double NORM_BIAS = 1e-3;

  /**
   * What a {@link ConvLayer} may do otherwise: {@code DEFAULT.withKernel(1).withoutActivation()}.
   *
   * @param kernel the window's height and width
   * @param stride pixels from one window to the next
   * @param norm the normalization
   * @param activation makes the activation, if there is one
   * @param normFirst whether the activation follows the normalization
   */
  public record Options(
      int kernel,
      int stride,
      NormType norm,
      Optional<Supplier<? extends Layer>> activation,
      boolean normFirst) {
    /** Kernel 3, stride 1, batch normalization, ReLU. */
    public static final Options DEFAULT =
        new Options(3, 1, NormType.BATCH, Optional.of(ReLU::new), true);

    public Options withKernel(int size) {
      return new Options(size, stride, norm, activation, normFirst);
    }

    public Options withStride(int pixels) {
      return new Options(kernel, pixels, norm, activation, normFirst);
    }

    public Options withNorm(NormType type) {
      return new Options(kernel, stride, type, activation, normFirst);
    }

    /** With another activation, such as {@code Mish::new}. */
    public Options withActivation(Supplier<? extends Layer> maker) {
      return new Options(kernel, stride, norm, Optional.of(maker), normFirst);
    }

    public Options withoutActivation() {
      return new Options(kernel, stride, norm, Optional.empty(), normFirst);
    }

    /** The activation before the normalization; fastai's {@code bn_1st=False}. */
    public Options withActivationFirst() {
      return new Options(kernel, stride, norm, activation, false);
    }
  }

  /** Kernel 3, stride 1. */
  public ConvLayer(int in, int out) {
    this(in, out, Options.DEFAULT);
  }

  public ConvLayer(int in, int out, int kernel, int stride) {
    this(in, out, Options.DEFAULT.withKernel(kernel).withStride(stride));
  }

  public ConvLayer(int in, int out, Options options) {
    super(layers(in, out, options));
  }

  private static List<Layer> layers(int in, int out, Options o) {
    Optional<Layer> activation = o.activation.map(Supplier::get);
    ConvOptions conv = ConvOptions.kernel(o.kernel).stride(o.stride).padding((o.kernel - 1) / 2);
    Conv2d first = new Conv2d(in, out, o.norm == NormType.NONE ? conv : conv.withoutBias());
    if (o.norm == NormType.NONE) {
      Init.normal_(first.bias(), 0, 0.01);
    }
    activation.ifPresent(
        a -> {
          if (a instanceof Sigmoid || a instanceof Tanh) {
            Init.xavierUniform_(first.weight());
          } else {
            Init.kaimingUniform_(first.weight());
          }
        });
    List<Layer> rest = new ArrayList<>();
    norm(out, o.norm).ifPresent(rest::add);
    activation.ifPresent(a -> rest.add(o.normFirst ? rest.size() : 0, a));
    rest.add(0, first);
    return rest;
  }

  private static Optional<Module> norm(int out, NormType type) {
    return switch (type) {
      case NONE -> Optional.empty();
      case BATCH -> Optional.of(begin(new BatchNorm2d(out), 1));
      case BATCH_ZERO -> Optional.of(begin(new BatchNorm2d(out), 0));
      case INSTANCE -> Optional.of(begin(new InstanceNorm2d(out, NormOptions.DEFAULT), 1));
    };
  }

  /** fastai's start of a normalization: the bias a little above zero. */
  static Module begin(Module norm, double weight) {
    norm.ownParameters()
        .forEach((name, t) -> Init.constant_(t, name.equals("weight") ? weight : NORM_BIAS));
    return norm;
  }
}
