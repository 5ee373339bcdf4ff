package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** What normalization layers share: eps, and a weight and a bias unless told otherwise. */
abstract class Norm extends Module implements NormLayer {
  final double eps;

  /** Weight and bias, or nothing. */
  final Tensor[] affine;

  Norm(NormOptions options, long... shape) {
    eps = options.eps();
    affine =
        options.affine()
            ? new Tensor[] {
              parameter("weight", Tensor.ones(shape)), parameter("bias", Tensor.zeros(shape))
            }
            : new Tensor[0];
  }
}
