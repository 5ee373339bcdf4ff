/**
 * Layers, the modules that hold them, and how they are initialised; PyTorch's {@code torch.nn}.
 *
 * <p>A {@link org.fastai4j.nn.Layer} is a function from a tensor to a tensor; a {@link
 * org.fastai4j.nn.Module} is one with parameters that have names. {@link
 * org.fastai4j.nn.Functional} has the losses and other functions without parameters.
 */
@NullMarked
package org.fastai4j.nn;

import org.jspecify.annotations.NullMarked;
