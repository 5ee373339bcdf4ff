/** Tests of the page and the service. */
@NullMarked
package org.fastai4j.app.serve;

import org.jspecify.annotations.NullMarked;
