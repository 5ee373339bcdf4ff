/**
 * Training: the loop, the callbacks that shape it, and what it records.
 *
 * <ul>
 *   <li>{@link org.fastai4j.learner.Learner}: a model, its data, a loss and an optimizer, put
 *       together; {@code fit} is the loop.
 *   <li>{@link org.fastai4j.learner.Callback}: a class with a method for each event of training
 *       that it cares about.
 *   <li>{@link org.fastai4j.learner.CancelException}: what a callback throws to skip the rest of a
 *       batch, an epoch or the fit.
 *   <li>{@link org.fastai4j.learner.Recorder}: the callback that writes down losses, learning rates
 *       and metrics.
 *   <li>{@link org.fastai4j.learner.Event}: a moment of training, for a callback that is a lambda;
 *       {@link org.fastai4j.learner.Run}: whether it is one of a fit, a search or a pass without
 *       training.
 *   <li>{@link org.fastai4j.learner.ParamScheduler}: the callback that follows a schedule.
 *   <li>{@link org.fastai4j.learner.LRFind}: what a search for a learning rate saw and suggests.
 *   <li>{@link org.fastai4j.learner.Predictions}: what a model makes of a set of items.
 *   <li>{@link org.fastai4j.learner.TtaPredictions}: the same, of augmented items too.
 *   <li>{@link org.fastai4j.learner.EpochRow}: what one epoch came to.
 *   <li>{@link org.fastai4j.learner.ProgressCallback}: the table of epochs as it grows, with a bar
 *       in a terminal or a notebook's cell.
 *   <li>{@link org.fastai4j.learner.TerminateOnNaN}: the callback that ends a fit whose loss is no
 *       number.
 * </ul>
 */
@NullMarked
package org.fastai4j.learner;

import org.jspecify.annotations.NullMarked;
