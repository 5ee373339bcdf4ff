/**
 * Metrics: how good predictions are, gathered batch by batch.
 *
 * <ul>
 *   <li>{@link org.fastai4j.metrics.Metric}: a number with the name of its column.
 *   <li>{@link org.fastai4j.metrics.Metrics}: fastai's metrics, from accuracy to Spearman's
 *       correlation.
 *   <li>{@link org.fastai4j.metrics.Average}: how the scores of several classes become one number.
 *   <li>{@link org.fastai4j.metrics.ConfusionCounts}: how often each class was taken for each.
 *   <li>{@link org.fastai4j.metrics.ClassCounts}: the counts of one class, and its precision,
 *       recall and F-score.
 *   <li>{@link org.fastai4j.metrics.RankingScores}: the ROC curve, the area under it and the
 *       average precision.
 * </ul>
 *
 * <pre>{@code
 * Learner.builder(dls, model)
 *     .metric(Metrics.accuracy())
 *     .metric(Metrics.f1Score(Average.MACRO))
 * }</pre>
 */
@NullMarked
package org.fastai4j.metrics;

import org.jspecify.annotations.NullMarked;
