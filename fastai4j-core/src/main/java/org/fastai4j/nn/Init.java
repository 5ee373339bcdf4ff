package org.fastai4j.nn;

import java.util.function.Consumer;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * Weights to begin with, as PyTorch's {@code torch.nn.init}: each method fills its tensor, which it
 * returns, from the generator that {@code Torch.manualSeed} seeds. Gradients are not recorded.
 */
public final class Init {
  private Init() {}

  /** {@code N(0, 2 / fanIn)}, for layers before a ReLU. He et al., 2015. */
  public static Tensor kaimingNormal_(Tensor t) {
    return kaimingNormal_(t, 0, "fan_in", "leaky_relu");
  }

  /**
   * {@code N(0, gain² / fan)}.
   *
   * @param a the slope of a leaky ReLU below 0
   * @param mode {@code fan_in} or {@code fan_out}
   * @param nonlinearity see {@link #calculateGain}
   */
  public static Tensor kaimingNormal_(Tensor t, double a, String mode, String nonlinearity) {
    return normal_(t, 0, calculateGain(nonlinearity, a) / Math.sqrt(fan(t, mode)));
  }

  /** {@code U(-b, b)} with {@code b = √(6 / fanIn)}, for layers before a ReLU. */
  public static Tensor kaimingUniform_(Tensor t) {
    return kaimingUniform_(t, 0, "fan_in", "leaky_relu");
  }

  /** {@code U(-b, b)} with {@code b = gain · √(3 / fan)}; see {@link #kaimingNormal_}. */
  public static Tensor kaimingUniform_(Tensor t, double a, String mode, String nonlinearity) {
    double bound = calculateGain(nonlinearity, a) * Math.sqrt(3 / fan(t, mode));
    return uniform_(t, -bound, bound);
  }

  /** {@code N(0, 2 / (fanIn + fanOut))}, for layers before a tanh. Glorot and Bengio, 2010. */
  public static Tensor xavierNormal_(Tensor t) {
    return xavierNormal_(t, 1);
  }

  /** {@code N(0, 2 · gain² / (fanIn + fanOut))}. */
  public static Tensor xavierNormal_(Tensor t, double gain) {
    return normal_(t, 0, gain * Math.sqrt(2 / (fan(t, "fan_in") + fan(t, "fan_out"))));
  }

  /** {@code U(-b, b)} with {@code b = √(6 / (fanIn + fanOut))}. */
  public static Tensor xavierUniform_(Tensor t) {
    return xavierUniform_(t, 1);
  }

  /** {@code U(-b, b)} with {@code b = gain · √(6 / (fanIn + fanOut))}. */
  public static Tensor xavierUniform_(Tensor t, double gain) {
    double bound = gain * Math.sqrt(6 / (fan(t, "fan_in") + fan(t, "fan_out")));
    return uniform_(t, -bound, bound);
  }

  /** Draws from a normal distribution. */
  public static Tensor normal_(Tensor t, double mean, double std) {
    return Autograd.noGrad(() -> t.normal_(mean, std));
  }

  /** Draws from the uniform distribution over [{@code low}, {@code high}). */
  public static Tensor uniform_(Tensor t, double low, double high) {
    return Autograd.noGrad(() -> t.uniform_(low, high));
  }

  /** Sets every element to {@code value}. */
  public static Tensor constant_(Tensor t, double value) {
    return Autograd.noGrad(() -> t.fill_(value));
  }

  /**
   * How much larger weights must be for a nonlinearity to keep the variance.
   *
   * @param nonlinearity {@code linear}, {@code sigmoid}, {@code tanh}, {@code relu}, {@code
   *     leaky_relu} or {@code selu}
   * @param slope of a leaky ReLU below 0
   */
  public static double calculateGain(String nonlinearity, double slope) {
    return switch (nonlinearity) {
      case "linear", "conv1d", "conv2d", "sigmoid" -> 1;
      case "tanh" -> 5.0 / 3;
      case "relu" -> Math.sqrt(2);
      case "leaky_relu" -> Math.sqrt(2 / (1 + slope * slope));
      case "selu" -> 0.75;
      default ->
          throw new IllegalArgumentException(
              "no gain is known for '"
                  + nonlinearity
                  + "'; there are linear, sigmoid, tanh, relu, leaky_relu and selu");
    };
  }

  /**
   * Weights set by {@code init} and biases to zero in every layer but {@link NormLayer}s; fastai's
   * {@code apply_init}, which readies the head of a pretrained model.
   *
   * @param init such as {@code Init::kaimingNormal_}; is given what has two axes or more
   */
  public static void applyInit(Module module, Consumer<Tensor> init) {
    module.apply(
        m -> {
          if (m instanceof NormLayer) {
            return;
          }
          m.ownParameters()
              .forEach(
                  (name, t) -> {
                    if (t.dim() > 1) {
                      init.accept(t);
                    } else if (name.contains("bias")) {
                      constant_(t, 0);
                    }
                  });
        });
  }

  private static double fan(Tensor t, String mode) {
    Shape shape = t.shape();
    if (shape.dim() < 2) {
      throw new TensorException(
          "init: a weight " + shape + " has no fan; it needs two axes or more, [out, in, ...]");
    }
    double field = (double) shape.numel() / (shape.size(0) * shape.size(1));
    return switch (mode) {
      case "fan_in" -> shape.size(1) * field;
      case "fan_out" -> shape.size(0) * field;
      default ->
          throw new IllegalArgumentException(
              "no mode is called '" + mode + "'; there are fan_in and fan_out");
    };
  }
}
