package org.fastai4j.testkit;

import org.assertj.core.api.AbstractAssert;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;

/** Assertions on a tensor; a failure prints both tensors and the largest difference. */
public final class TensorAssert extends AbstractAssert<TensorAssert, Tensor> {
  private TensorAssert(Tensor actual) {
    super(actual, TensorAssert.class);
  }

  public static TensorAssert assertThat(Tensor actual) {
    return new TensorAssert(actual);
  }

  public TensorAssert hasShape(long... sizes) {
    Shape expected = Shape.of(sizes);
    if (!actual.shape().equals(expected)) {
      failWithMessage("Expected shape %s but was %s, of%n%s", expected, actual.shape(), actual);
    }
    return this;
  }

  public TensorAssert hasDType(DType expected) {
    if (actual.dtype() != expected) {
      failWithMessage("Expected dtype %s but was %s, of%n%s", expected, actual.dtype(), actual);
    }
    return this;
  }

  /** Every element equals the number, within 1e-6. */
  public TensorAssert isCloseTo(double expected) {
    return isCloseTo(Tensor.full(expected, actual.shape().toArray()), 0, 1e-6);
  }

  /** Every element equals the expected one within PyTorch's defaults, 1e-5 relative. */
  public TensorAssert isCloseTo(Tensor expected) {
    return isCloseTo(expected, 1e-5, 1e-8);
  }

  /** Every element is equal, or both NaN, or within {@code atol + rtol * |expected|}. */
  public TensorAssert isCloseTo(Tensor expected, double rtol, double atol) {
    hasShape(expected.shape().toArray());
    Autograd.noGrad(
        () ->
            Scope.run(
                () -> {
                  Tensor a = actual.detach().cpu().to(DType.FLOAT64);
                  Tensor e = expected.detach().cpu().to(DType.FLOAT64);
                  if (!a.allclose(e, rtol, atol)) {
                    Tensor difference = a.sub(e).abs();
                    failWithMessage(
                        "Largest difference %s, allowed %s + %s * |expected|.%nExpected:%n%s%nbut was:%n%s",
                        difference.max().item(), atol, rtol, expected, actual);
                  }
                }));
    return this;
  }
}
