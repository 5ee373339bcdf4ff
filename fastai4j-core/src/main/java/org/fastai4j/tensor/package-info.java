/** Tensors with autograd, on libtorch. */
@NullMarked
package org.fastai4j.tensor;

import org.jspecify.annotations.NullMarked;
