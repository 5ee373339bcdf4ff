/** Data sets: where they come from, and how they become batches. */
@NullMarked
package org.fastai4j.data;

import org.jspecify.annotations.NullMarked;
