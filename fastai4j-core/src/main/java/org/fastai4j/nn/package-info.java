/**
 * Layers and the modules that hold them; PyTorch's {@code torch.nn}.
 *
 * <ul>
 *   <li>{@link org.fastai4j.nn.Layer}: a function from a tensor to a tensor, such as {@code
 *       Tensor::relu}.
 *   <li>{@link org.fastai4j.nn.Module}: a layer with parameters, buffers and children that have
 *       names.
 *   <li>{@link org.fastai4j.nn.Sequential}: layers one after the other.
 *   <li>{@link org.fastai4j.nn.Linear}: an affine map.
 *   <li>{@link org.fastai4j.nn.Conv2d}: a convolution over images.
 *   <li>{@link org.fastai4j.nn.BatchNorm2d}: images brought to mean 0 and variance 1, channel by
 *       channel.
 *   <li>{@link org.fastai4j.nn.ReLU}: {@code max(x, 0)}.
 *   <li>{@link org.fastai4j.nn.Flatten}: all axes but the first joined to one.
 *   <li>{@link org.fastai4j.nn.Functional}: the losses, which have no parameters.
 * </ul>
 *
 * <pre>{@code
 * var net = new Sequential(new Linear(28 * 28, 30), new ReLU(), new Linear(30, 1));
 * net.forward(x) // [n, 784] to [n, 1]
 * }</pre>
 */
@NullMarked
package org.fastai4j.nn;

import org.jspecify.annotations.NullMarked;
