/**
 * What a trained model gets wrong.
 *
 * <ul>
 *   <li>{@link org.fastai4j.interpret.ClassificationInterpretation}: the confusion matrix, the
 *       worst items and the report of a classifier.
 *   <li>{@link org.fastai4j.interpret.Confusion}: how often one class was taken for another.
 *   <li>{@link org.fastai4j.interpret.TopLoss}: an item with a large loss.
 * </ul>
 */
@NullMarked
package org.fastai4j.interpret;

import org.jspecify.annotations.NullMarked;
