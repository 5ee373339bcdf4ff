/** File formats: PNG. Plain bytes in and out; nothing here knows tensors, images or folders. */
@NullMarked
package org.fastai4j.io;

import org.jspecify.annotations.NullMarked;
