/** The documentation's code, compiled and run. */
@NullMarked
package org.fastai4j.docs;

import org.jspecify.annotations.NullMarked;
