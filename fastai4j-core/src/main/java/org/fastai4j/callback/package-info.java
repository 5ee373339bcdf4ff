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
 *   <li>{@link org.fastai4j.callback.MixUp}: trains on mixtures of two items.
 *   <li>{@link org.fastai4j.callback.CutMix}: trains on images with a box from another.
 *   <li>{@link org.fastai4j.callback.MixedPrecision}: computes in bfloat16 or float16.
 *   <li>{@link org.fastai4j.callback.ChannelsLast}: lays out images as GPUs like them.
 *   <li>{@link org.fastai4j.callback.BnFreeze}: keeps frozen normalization as it is.
 *   <li>{@link org.fastai4j.callback.FetchPreds}: keeps predictions of every epoch.
 *   <li>{@link org.fastai4j.callback.ShortEpoch}: tries a fit out on a share of the batches.
 *   <li>{@link org.fastai4j.callback.CSVLogger}: writes the table of epochs to a file.
 *   <li>{@link org.fastai4j.callback.ShowGraph}: draws the losses while they come.
 *   <li>{@link org.fastai4j.callback.TensorBoard}: writes losses, rates and metrics for
 *       TensorBoard.
 *   <li>{@link org.fastai4j.callback.Tracker}: what the first three have in common.
 * </ul>
 */
@NullMarked
package org.fastai4j.callback;

import org.jspecify.annotations.NullMarked;
