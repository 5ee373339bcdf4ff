/**
 * Layers and the modules that hold them; PyTorch's {@code torch.nn}.
 *
 * <ul>
 *   <li>{@link org.fastai4j.nn.Layer}: a function from a tensor to a tensor, such as {@code
 *       Tensor::relu}; {@link org.fastai4j.nn.Lambda} gives one a name.
 *   <li>{@link org.fastai4j.nn.Module}: a layer with parameters, buffers and children that have
 *       names. A {@link org.fastai4j.nn.ForwardHook} is told of its calls.
 *   <li>{@link org.fastai4j.nn.Sequential}: layers one after the other.
 *   <li>{@link org.fastai4j.nn.Linear}: an affine map; {@link org.fastai4j.nn.Embedding}: a vector
 *       for each whole number.
 *   <li>{@link org.fastai4j.nn.Conv1d}, {@link org.fastai4j.nn.Conv2d} and {@link
 *       org.fastai4j.nn.ConvTranspose2d}: convolutions; {@link org.fastai4j.nn.ConvOptions} has
 *       stride, padding, groups and so on.
 *   <li>{@link org.fastai4j.nn.BatchNorm1d}, {@link org.fastai4j.nn.BatchNorm2d}, {@link
 *       org.fastai4j.nn.LayerNorm}, {@link org.fastai4j.nn.GroupNorm}, {@link
 *       org.fastai4j.nn.InstanceNorm1d}, {@link org.fastai4j.nn.InstanceNorm2d}: values brought to
 *       mean 0 and variance 1; {@link org.fastai4j.nn.NormOptions} has eps, momentum and so on, and
 *       {@link org.fastai4j.nn.NormLayer} marks all that normalize.
 *   <li>{@link org.fastai4j.nn.ReLU}, {@link org.fastai4j.nn.LeakyReLU}, {@link
 *       org.fastai4j.nn.ELU}, {@link org.fastai4j.nn.GELU}, {@link org.fastai4j.nn.SiLU}, {@link
 *       org.fastai4j.nn.Mish}, {@link org.fastai4j.nn.Hardswish}, {@link org.fastai4j.nn.Softplus},
 *       {@link org.fastai4j.nn.Sigmoid}, {@link org.fastai4j.nn.SigmoidRange}, {@link
 *       org.fastai4j.nn.Tanh}, {@link org.fastai4j.nn.Softmax}, {@link org.fastai4j.nn.LogSoftmax}:
 *       activations.
 *   <li>{@link org.fastai4j.nn.MaxPool2d}, {@link org.fastai4j.nn.AvgPool2d}, {@link
 *       org.fastai4j.nn.AdaptiveAvgPool2d}, {@link org.fastai4j.nn.AdaptiveMaxPool2d}, {@link
 *       org.fastai4j.nn.AdaptiveConcatPool2d}: images made smaller.
 *   <li>{@link org.fastai4j.nn.Dropout} and {@link org.fastai4j.nn.Dropout2d}: elements and
 *       channels set to zero at random in training.
 *   <li>{@link org.fastai4j.nn.Flatten}: axes joined to one; {@link org.fastai4j.nn.Identity}: the
 *       input as it is.
 *   <li>{@link org.fastai4j.nn.LSTM}, {@link org.fastai4j.nn.GRU}, with {@link
 *       org.fastai4j.nn.RecurrentOptions}, and {@link org.fastai4j.nn.MultiheadAttention}: for
 *       sequences.
 *   <li>{@link org.fastai4j.nn.ConvLayer}, with {@link org.fastai4j.nn.NormType}, and {@link
 *       org.fastai4j.nn.LinBnDrop}: fastai's blocks of such layers.
 *   <li>{@link org.fastai4j.nn.Init}: weights to begin with.
 *   <li>{@link org.fastai4j.nn.Loss}: what training makes small. Over classes: {@link
 *       org.fastai4j.nn.CrossEntropyLoss}, {@link org.fastai4j.nn.LabelSmoothingCrossEntropy},
 *       {@link org.fastai4j.nn.FocalLoss}, and {@link org.fastai4j.nn.DiceLoss} for the pixels of
 *       an image. Element by element: {@link org.fastai4j.nn.BCEWithLogitsLoss}, {@link
 *       org.fastai4j.nn.BCELoss}, {@link org.fastai4j.nn.MSELoss}, {@link org.fastai4j.nn.L1Loss},
 *       {@link org.fastai4j.nn.HuberLoss}.
 *   <li>{@link org.fastai4j.nn.Functional}: losses as functions.
 *   <li>{@link org.fastai4j.nn.Threads}: how many threads an operation is given, in a fit and in a
 *       prediction.
 *   <li>{@link org.fastai4j.nn.OnnxExport}: a model written as ONNX; {@link
 *       org.fastai4j.nn.OnnxLayer} is a layer of one's own that can be, {@link
 *       org.fastai4j.nn.OnnxNodes} what it says itself with.
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
