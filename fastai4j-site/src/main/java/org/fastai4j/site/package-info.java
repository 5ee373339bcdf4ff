/** The documentation as a static site. */
@NullMarked
package org.fastai4j.site;

import org.jspecify.annotations.NullMarked;
