/** File formats. */
@NullMarked
package org.fastai4j.io;

import org.jspecify.annotations.NullMarked;
