/** Tests of the command line. */
@NullMarked
package org.fastai4j.app;

import org.jspecify.annotations.NullMarked;
