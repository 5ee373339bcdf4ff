/** Tensors in files: safetensors, NumPy's {@code .npy} and PyTorch's {@code .pth}. */
@NullMarked
package org.fastai4j.io;

import org.jspecify.annotations.NullMarked;
