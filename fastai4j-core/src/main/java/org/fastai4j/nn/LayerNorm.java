package org.fastai4j.nn;

import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;

/**
 * The last axes of each item shifted and scaled together to mean 0 and variance 1, then {@code γ·x
 * + β}: {@code [n, ..., shape]} in and out. Ba et al., 2016.
 */
public final class LayerNorm extends Norm {
  private final long[] shape;

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
    super(options, shape);
    this.shape = shape.clone();
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
