/** Parity with PyTorch and fastai: the golden cases, kind by kind. */
@NullMarked
package org.fastai4j.golden;

import org.jspecify.annotations.NullMarked;
