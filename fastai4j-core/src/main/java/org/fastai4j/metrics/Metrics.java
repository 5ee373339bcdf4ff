package org.fastai4j.metrics;

import static org.fastai4j.metrics.ClassificationScores.averaged;
import static org.fastai4j.metrics.Inputs.flat;

import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import org.fastai4j.tensor.Tensor;

/**
 * fastai's metrics, by its names in lowerCamelCase; the columns have fastai's own.
 *
 * <p>Each call makes a fresh metric. Predictions are what the model gives, before softmax or
 * sigmoid. Of {@code preds [n, c]} with {@code targets [n]} the class with the largest output
 * counts as predicted; the {@code Multi} forms take {@code preds [n, labels]} with {@code targets
 * [n, labels]}, 1 where the item has the label, and count a label as predicted if its sigmoid is at
 * least 0.5.
 *
 * <p>A function such as {@link #accuracy} is averaged over batches by their sizes. All others are
 * computed over the whole set: from counts, or where the order of predictions matters from the
 * numbers themselves. Averages, ties and empty classes are treated as scikit-learn does.
 */
public final class Metrics {
  private static final int LAST = -1;
  private static final double TUNED_TO = 0.01;

  private Metrics() {}

  // ---- functions of a batch

  /** The share of items whose largest output, along the last axis, is at the target's class. */
  public static Metric accuracy() {
    return accuracy(LAST);
  }

  /** As {@link #accuracy()}, with the classes along {@code axis}, such as 1 for masks. */
  public static Metric accuracy(int axis) {
    return Metric.of("accuracy", (preds, targets) -> correct(preds, targets, axis));
  }

  /** {@code 1 - accuracy}. */
  public static Metric errorRate() {
    return errorRate(LAST);
  }

  /** As {@link #errorRate()}, with the classes along {@code axis}. */
  public static Metric errorRate(int axis) {
    return Metric.of("error_rate", (preds, targets) -> correct(preds, targets, axis).rsub(1));
  }

  private static Tensor correct(Tensor preds, Tensor targets, int axis) {
    return flat((p, t) -> p.eq(t).toFloat().mean()).apply(preds.argmax(axis), targets);
  }

  /** The share of items whose class is among the 5 largest outputs. */
  public static Metric topKAccuracy() {
    return topKAccuracy(5);
  }

  /** The share of items whose class is among the {@code k} largest outputs. */
  public static Metric topKAccuracy(int k) {
    return Metric.of(
        "top_k_accuracy",
        (p, t) -> p.topk(k).indices().eq(t.unsqueeze(-1)).any(-1).toFloat().mean());
  }

  /** The share of labels that are as in the target, where a sigmoid above 0.5 is a label. */
  public static Metric accuracyMulti() {
    return accuracyMulti(0.5, true);
  }

  /**
   * As {@link #accuracyMulti()}, with labels above {@code thresh} of the sigmoid, or of the
   * predictions as they are.
   */
  public static Metric accuracyMulti(double thresh, boolean sigmoid) {
    return Metric.of(
        "accuracy_multi",
        flat((p, t) -> (sigmoid ? p.sigmoid() : p).gt(thresh).eq(t.ne(0)).toFloat().mean()));
  }

  /** The mean squared error. */
  public static Metric mse() {
    return Metric.of("mse", flat(Tensor::mseLoss));
  }

  /** The mean absolute error. */
  public static Metric mae() {
    return Metric.of("mae", flat(Tensor::l1Loss));
  }

  /** The mean squared error of logarithms, of {@code log(1 + x)}. */
  public static Metric msle() {
    return Metric.of("msle", flat((p, t) -> p.log1p().mseLoss(t.log1p())));
  }

  /** The accuracy where the target is not class 0, with the classes along axis 1. */
  public static Metric foregroundAcc() {
    return foregroundAcc(0, 1);
  }

  /**
   * The accuracy where the target is not {@code bkgIdx}, with the classes along {@code axis}:
   * {@code preds [n, c, h, w]} and {@code targets [n, h, w]} or {@code [n, 1, h, w]}. A batch that
   * is all background makes it NaN, as in fastai.
   */
  public static Metric foregroundAcc(int bkgIdx, int axis) {
    return Metric.of("foreground_acc", (p, t) -> foreground(p, t.squeeze(1), bkgIdx, axis));
  }

  private static Tensor foreground(Tensor preds, Tensor targets, int bkgIdx, int axis) {
    return preds.argmax(axis).eq(targets).maskedSelect(targets.ne(bkgIdx)).toFloat().mean();
  }

  /** {@code e} to the mean cross-entropy of logits {@code [..., c]} and classes {@code [...]}. */
  public static Metric perplexity() {
    return perplexity((p, t) -> p.reshape(-1, p.size(-1)).crossEntropy(t.flatten()));
  }

  /** {@code e} to the mean of a loss, batches counting by their sizes. */
  public static Metric perplexity(BinaryOperator<Tensor> loss) {
    return new MeanMetric("perplexity", loss, Math::exp);
  }

  // ---- one class of several

  /**
   * The harmonic mean of precision and recall, {@code 2·right / (predicted + actual)}, of class 1
   * of two.
   */
  public static Metric f1Score() {
    return f1Score(Average.BINARY);
  }

  /** As {@link #f1Score()}, averaged over the classes. */
  public static Metric f1Score(Average average) {
    return counted("f1_score", average, ClassCounts::f1);
  }

  /** {@code (1 + β²)·right / (predicted + β²·actual)} of class 1 of two. */
  public static Metric fBeta(double beta) {
    return fBeta(beta, Average.BINARY);
  }

  /** As {@link #fBeta(double)}, averaged over the classes. */
  public static Metric fBeta(double beta, Average average) {
    return counted("fbeta_score", average, c -> c.fBeta(beta));
  }

  /** The share of the predicted that is right, {@code right / predicted}, of class 1 of two. */
  public static Metric precision() {
    return precision(Average.BINARY);
  }

  /** As {@link #precision()}, averaged over the classes. */
  public static Metric precision(Average average) {
    return counted("precision_score", average, ClassCounts::precision);
  }

  /** The share of the actual that is found, {@code right / actual}, of class 1 of two. */
  public static Metric recall() {
    return recall(Average.BINARY);
  }

  /** As {@link #recall()}, averaged over the classes. */
  public static Metric recall(Average average) {
    return counted("recall_score", average, ClassCounts::recall);
  }

  /** Intersection over union, {@code right / (predicted + actual - right)}, of class 1 of two. */
  public static Metric jaccard() {
    return jaccard(Average.BINARY);
  }

  /** As {@link #jaccard()}, averaged over the classes. */
  public static Metric jaccard(Average average) {
    return counted("jaccard_score", average, ClassCounts::jaccard);
  }

  private static Metric counted(String name, Average average, ToDoubleFunction<ClassCounts> score) {
    return new ConfusionMetric(name, LAST, average.isBinary(), averaged(average, score));
  }

  /** The mean recall of the classes that occur. */
  public static Metric balancedAccuracy() {
    return new ConfusionMetric(
        "balanced_accuracy_score", LAST, false, ClassificationScores::balancedAccuracy);
  }

  /** The share of items that are not of the predicted class. */
  public static Metric hammingLoss() {
    return new ConfusionMetric(
        "hamming_loss", LAST, false, counts -> 1 - ClassificationScores.accuracy(counts));
  }

  /**
   * The mean squared difference of the predicted class, 0 or 1, and the actual one. As in fastai it
   * is the class that counts, not its probability.
   */
  public static Metric brierScore() {
    return new ConfusionMetric(
        "brier_score_loss", LAST, true, counts -> 1 - ClassificationScores.accuracy(counts));
  }

  /**
   * Agreement beyond chance, {@code 1 - observed disagreement / expected disagreement}. Cohen,
   * 1960.
   */
  public static Metric cohenKappa() {
    return kappa((row, column) -> row == column ? 0 : 1);
  }

  /**
   * As {@link #cohenKappa()}, with disagreements that weigh as much as classes are apart: {@code
   * linear}, or {@code quadratic}.
   */
  public static Metric cohenKappa(String weights) {
    return kappa(ClassificationScores.kappaWeight(weights));
  }

  private static Metric kappa(DoubleBinaryOperator weight) {
    return new ConfusionMetric(
        "cohen_kappa_score", LAST, false, counts -> ClassificationScores.kappa(counts, weight));
  }

  /**
   * The correlation of predicted and actual class, -1 to 1; 0 if one of them is always the same.
   * Gorodkin, 2004.
   */
  public static Metric matthewsCorrCoef() {
    return new ConfusionMetric("matthews_corrcoef", LAST, false, ClassificationScores::matthews);
  }

  /**
   * The mean over classes of the area under the ROC curve of a class against the rest; NaN if a
   * class does not occur.
   */
  public static Metric rocAuc() {
    return rocAuc(Average.MACRO);
  }

  /** As {@link #rocAuc()}, averaged as told. */
  public static Metric rocAuc(Average average) {
    return RankingMetric.ofClasses(
        "roc_auc_score", ranked(average.forClasses(), RankingScores::rocAuc));
  }

  /** The mean area over pairs of classes; scikit-learn's {@code multi_class='ovo'}. */
  public static Metric rocAucOvo() {
    return RankingMetric.ofClasses("roc_auc_score", RankingTable::rocAucOneAgainstOne);
  }

  /** The area under the ROC curve of class 1 of two; NaN if one of them does not occur. */
  public static Metric rocAucBinary() {
    return RankingMetric.ofTwo("roc_auc_score", RankingScores::rocAuc);
  }

  /** The average precision of class 1 of two, {@code Σ (recallᵢ - recallᵢ₋₁)·precisionᵢ}. */
  public static Metric apScoreBinary() {
    return RankingMetric.ofTwo("average_precision_score", RankingScores::averagePrecision);
  }

  private static ToDoubleFunction<RankingTable> ranked(
      Average average, ToDoubleFunction<RankingScores> score) {
    Average ofColumns = average.forLabels();
    return table -> table.average(ofColumns, score);
  }

  // ---- several labels

  /** The mean over labels of {@link #f1Score()}. */
  public static Metric f1ScoreMulti() {
    return f1ScoreMulti(0.5, true, Average.MACRO);
  }

  /** As {@link #f1ScoreMulti()}, from a threshold on, averaged as told. */
  public static Metric f1ScoreMulti(double thresh, boolean sigmoid, Average average) {
    return new LabelsMetric("f1_score", thresh, sigmoid, average, ClassCounts::f1);
  }

  /** The mean over labels of {@link #fBeta(double)}. */
  public static Metric fBetaMulti(double beta) {
    return fBetaMulti(beta, 0.5, true, Average.MACRO);
  }

  /** As {@link #fBetaMulti(double)}, from a threshold on, averaged as told. */
  public static Metric fBetaMulti(double beta, double thresh, boolean sigmoid, Average average) {
    return new LabelsMetric("fbeta_score", thresh, sigmoid, average, c -> c.fBeta(beta));
  }

  /** The mean over labels of {@link #precision()}. */
  public static Metric precisionMulti() {
    return precisionMulti(0.5, true, Average.MACRO);
  }

  /** As {@link #precisionMulti()}, from a threshold on, averaged as told. */
  public static Metric precisionMulti(double thresh, boolean sigmoid, Average average) {
    return new LabelsMetric("precision_score", thresh, sigmoid, average, ClassCounts::precision);
  }

  /** The mean over labels of {@link #recall()}. */
  public static Metric recallMulti() {
    return recallMulti(0.5, true, Average.MACRO);
  }

  /** As {@link #recallMulti()}, from a threshold on, averaged as told. */
  public static Metric recallMulti(double thresh, boolean sigmoid, Average average) {
    return new LabelsMetric("recall_score", thresh, sigmoid, average, ClassCounts::recall);
  }

  /** The mean over labels of {@link #jaccard()}. */
  public static Metric jaccardMulti() {
    return jaccardMulti(0.5, true, Average.MACRO);
  }

  /** As {@link #jaccardMulti()}, from a threshold on, averaged as told. */
  public static Metric jaccardMulti(double thresh, boolean sigmoid, Average average) {
    return new LabelsMetric("jaccard_score", thresh, sigmoid, average, ClassCounts::jaccard);
  }

  /** The share of labels that are not as in the target. */
  public static Metric hammingLossMulti() {
    return hammingLossMulti(0.5, true);
  }

  /** As {@link #hammingLossMulti()}, from a threshold on. */
  public static Metric hammingLossMulti(double thresh, boolean sigmoid) {
    return new LabelsMetric("hamming_loss", thresh, sigmoid, Average.MICRO, ClassCounts::wrong);
  }

  /**
   * The mean squared difference of labels, 0 or 1, all labels together; fastai's fails on more than
   * one.
   */
  public static Metric brierScoreMulti() {
    return brierScoreMulti(0.5, true);
  }

  /** As {@link #brierScoreMulti()}, from a threshold on. */
  public static Metric brierScoreMulti(double thresh, boolean sigmoid) {
    return new LabelsMetric("brier_score_loss", thresh, sigmoid, Average.MICRO, ClassCounts::wrong);
  }

  /**
   * The correlation of predicted and actual labels, all labels together; fastai's fails on more
   * than one.
   */
  public static Metric matthewsCorrCoefMulti() {
    return matthewsCorrCoefMulti(0.5, true);
  }

  /** As {@link #matthewsCorrCoefMulti()}, from a threshold on. */
  public static Metric matthewsCorrCoefMulti(double thresh, boolean sigmoid) {
    return new LabelsMetric(
        "matthews_corrcoef", thresh, sigmoid, Average.MICRO, ClassCounts::correlation);
  }

  /** The mean over labels of the area under the ROC curve. */
  public static Metric rocAucMulti() {
    return rocAucMulti(true, Average.MACRO);
  }

  /**
   * As {@link #rocAucMulti()}, of predictions as they are or of their sigmoid, averaged as told.
   */
  public static Metric rocAucMulti(boolean sigmoid, Average average) {
    return RankingMetric.ofLabels("roc_auc_score", sigmoid, ranked(average, RankingScores::rocAuc));
  }

  /** The mean over labels of {@link #apScoreBinary() the average precision}. */
  public static Metric apScoreMulti() {
    return apScoreMulti(true, Average.MACRO);
  }

  /**
   * As {@link #apScoreMulti()}, of predictions as they are or of their sigmoid, averaged as told.
   */
  public static Metric apScoreMulti(boolean sigmoid, Average average) {
    return RankingMetric.ofLabels(
        "average_precision_score", sigmoid, ranked(average, RankingScores::averagePrecision));
  }

  // ---- numbers

  /** The root of the mean squared error over the whole set, {@code √(Σ (target - pred)² / n)}. */
  public static Metric rmse() {
    return new RegressionMetric("_rmse", RegressionScores::rmse);
  }

  /**
   * The root of the mean squared relative error of {@code e^pred}, {@code √(Σ ((e^target - e^pred)
   * / e^target)² / n)}.
   */
  public static Metric expRmspe() {
    return new RegressionMetric("_exp_rmspe", RegressionScores::expRmspe);
  }

  /** {@code 1 - Var(target - pred) / Var(target)}. */
  public static Metric explainedVariance() {
    return new RegressionMetric("explained_variance_score", RegressionScores::explainedVariance);
  }

  /** {@code 1 - Σ (target - pred)² / Σ (target - mean)²}; NaN for fewer than two targets. */
  public static Metric r2Score() {
    return new RegressionMetric("r2_score", RegressionScores::r2);
  }

  /** Pearson's correlation; NaN if predictions or targets are constant. */
  public static Metric pearsonCorrCoef() {
    return new RegressionMetric("pearsonr", RegressionScores::pearson);
  }

  /**
   * The correlation of ranks, equal numbers sharing one; NaN if predictions or targets are
   * constant.
   */
  public static Metric spearmanCorrCoef() {
    return new SpearmanMetric();
  }

  // ---- masks: preds [n, c, ...], targets [n, ...]

  /**
   * Twice the pixels of class 1 that are right over those predicted plus those actual, {@code
   * 2·|P∩T| / (|P| + |T|)}, over the whole set; NaN if there are none. For two classes.
   */
  public static Metric dice() {
    return mask("dice", ClassCounts::f1);
  }

  /**
   * Intersection over union of class 1, {@code |P∩T| / |P∪T|}, over the whole set; NaN if there are
   * none. For two classes.
   */
  public static Metric jaccardCoeff() {
    return mask("jaccard_coeff", ClassCounts::jaccard);
  }

  private static Metric mask(String name, ToDoubleFunction<ClassCounts> score) {
    return new ConfusionMetric(
        name, 1, true, all -> all.of(1).seen() ? score.applyAsDouble(all.of(1)) : Double.NaN);
  }

  /** The mean of {@link #dice} over the classes that occur or are predicted. */
  public static Metric diceMulti() {
    return new ConfusionMetric("dice_multi", 1, false, averaged(Average.MACRO, ClassCounts::f1));
  }

  /** The mean of {@link #jaccardCoeff} over the classes that occur or are predicted. */
  public static Metric jaccardCoeffMulti() {
    return new ConfusionMetric(
        "jaccard_coeff_multi", 1, false, averaged(Average.MACRO, ClassCounts::jaccard));
  }

  // ---- sequences, and what is tuned

  /**
   * Papineni's BLEU of sequences of words, {@code preds [n, length, words]} and {@code targets [n,
   * length]}, over the whole set: the geometric mean of the shares of runs of 1 to 4 words that are
   * right. A sequence without a right run of some length counts as fastai's does, half a one for
   * the first such length, then a quarter and so on.
   */
  public static Metric corpusBleu() {
    return new CorpusBleu();
  }

  /** A score with a setting, such as a threshold. */
  @FunctionalInterface
  public interface Tuned {
    /** The score, a tensor of one element. */
    Tensor apply(Tensor preds, Tensor targets, double setting);
  }

  /**
   * The best that a score of the whole set is for any setting from {@code low} to {@code high},
   * searched to within 0.01; fastai's {@code optim_metric}.
   *
   * <pre>{@code
   * Metrics.optim("best_accuracy", (p, t, at) -> p.sigmoid().gt(at).eq(t).toFloat().mean(), 0, 1)
   * }</pre>
   */
  public static Metric optim(String name, Tuned score, double low, double high) {
    return Metric.ofWholeSet(
        name,
        (p, t) ->
            Tensor.scalar(
                GoldenSection.maximum(
                    setting -> score.apply(p, t, setting).item(), low, high, TUNED_TO)));
  }
}
