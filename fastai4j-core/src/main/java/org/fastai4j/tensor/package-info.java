/**
 * Tensors with autograd, on libtorch; the one package that knows the engine.
 *
 * <ul>
 *   <li>{@link org.fastai4j.tensor.Tensor}: an array of numbers with any number of axes, and every
 *       operation on it.
 *   <li>{@link org.fastai4j.tensor.Shape}: the sizes of its axes; prints as {@code [6131, 28, 28]}.
 *   <li>{@link org.fastai4j.tensor.DType}: what its elements are, such as {@code float32}.
 *   <li>{@link org.fastai4j.tensor.Device}: where they live.
 *   <li>{@link org.fastai4j.tensor.Reduction}: what becomes of the losses of single elements.
 *   <li>{@link org.fastai4j.tensor.Index}: a position of a subscript, for {@code t.get(range(4,
 *       25), range(4, 22))}.
 *   <li>{@link org.fastai4j.tensor.Autograd}: recording for {@code backward()} switched off and on,
 *       and gradients without it.
 *   <li>{@link org.fastai4j.tensor.Part}: a block of a parameter that learns by itself.
 *   <li>{@link org.fastai4j.tensor.Scope}: a block of work that frees the tensors made in it.
 *   <li>{@link org.fastai4j.tensor.TensorList}: tensors that are updated together.
 *   <li>{@link org.fastai4j.tensor.Torch}: seed, threads and versions of the engine.
 *   <li>{@link org.fastai4j.tensor.TensorException}: an operation that could not be done, and how
 *       to mend it.
 * </ul>
 *
 * <pre>{@code
 * Tensor w = Tensor.randn(3).requiresGrad_();
 * w.pow(2).sum().backward();
 * w.grad() // twice w
 * }</pre>
 */
@NullMarked
package org.fastai4j.tensor;

import org.jspecify.annotations.NullMarked;
