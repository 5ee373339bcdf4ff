/**
 * The page to draw on and the service behind it.
 *
 * <ul>
 *   <li>{@link org.fastai4j.app.serve.Service}: a classifier behind HTTP, with a page for people.
 *   <li>{@link org.fastai4j.app.serve.DefaultModel}: the ten-digit net that is trained when no
 *       model is named.
 *   <li>{@link org.fastai4j.app.serve.Limits}: how much the server takes from anybody.
 * </ul>
 */
@NullMarked
package org.fastai4j.app.serve;

import org.jspecify.annotations.NullMarked;
