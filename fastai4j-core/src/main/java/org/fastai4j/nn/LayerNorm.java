package org.fastai4j.nn;

import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;

/**
 * The last axes of each item shifted and scaled together to mean 0 and variance 1, then {@code γ·x
 * + β}: {@code [n, ..., shape]} in and out. Ba et al., 2016.
 */
public final class LayerNorm extends Module implements NormLayer {
  private final long[] shape;
  private final double eps;
  private final Tensor[] affine;

  /**
   * @param shape the sizes of the last axes
   */
  public LayerNorm(long... shape) {
    this(NormOptions.DEFAULT, shape);
  }

  /**
   * As the other constructor; eps and whether there are weight and bias are taken from {@code
   * options}.
   */
  public LayerNorm(NormOptions options, long... shape) {
    this.shape = shape.clone();
    eps = options.eps();
    affine =
        options.affine()
            ? new Tensor[] {
              parameter("weight", Tensor.ones(shape)), parameter("bias", Tensor.zeros(shape))
            }
            : new Tensor[0];
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.layerNorm(shape, eps, affine);
  }

  @Override
  public String toString() {
    return "LayerNorm(" + Shape.of(shape) + ")";
  }
}
