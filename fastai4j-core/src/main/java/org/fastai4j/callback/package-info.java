/**
 * Callbacks to choose from.
 *
 * <ul>
 *   <li>{@link org.fastai4j.callback.EarlyStopping}: ends a fit that no longer improves.
 *   <li>{@link org.fastai4j.callback.SaveModel}: keeps the weights of the best epoch.
 *   <li>{@link org.fastai4j.callback.ReduceLROnPlateau}: lowers the learning rate when nothing
 *       improves.
 *   <li>{@link org.fastai4j.callback.GradientClip}: bounds the norm of the gradients.
 *   <li>{@link org.fastai4j.callback.GradientAccumulation}: steps after several batches.
 *   <li>{@link org.fastai4j.callback.Tracker}: what the first three have in common.
 * </ul>
 */
@NullMarked
package org.fastai4j.callback;

import org.jspecify.annotations.NullMarked;
