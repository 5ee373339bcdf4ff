/**
 * The command line: {@code fastai4j chapter}, {@code predict} and {@code doctor}.
 *
 * <p>Results go to standard output, progress and errors to standard error. {@link
 * org.fastai4j.app.Wiring} is the one place that knows what the commands run.
 */
@NullMarked
package org.fastai4j.app;

import org.jspecify.annotations.NullMarked;
