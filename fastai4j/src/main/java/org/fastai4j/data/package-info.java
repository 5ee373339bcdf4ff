/** Data sets: fetching them, drawing them, reading them. */
@NullMarked
package org.fastai4j.data;

import org.jspecify.annotations.NullMarked;
