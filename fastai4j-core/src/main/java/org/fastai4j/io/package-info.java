/**
 * File formats: tensors as safetensors and NumPy's {@code .npy}, plain images as PNG.
 *
 * <p>Nothing here knows models, data sets or folders.
 */
@NullMarked
package org.fastai4j.io;

import org.jspecify.annotations.NullMarked;
