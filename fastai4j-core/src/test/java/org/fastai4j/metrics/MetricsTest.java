package org.fastai4j.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics beyond the golden cases; numbers without a derivation are scikit-learn 1.9's. */
class MetricsTest {
  private static final Offset<Double> NEAR = within(1e-7);

  /** Classes 1 and 3 of five neither occur nor are predicted. */
  private static final int[] ACTUAL = {0, 0, 2, 2, 2, 4, 0, 2};

  private static final int[] PREDICTED = {0, 2, 2, 2, 0, 0, 0, 2};

  @Test
  void averagesOnlyClassesThatOccurOrArePredicted() {
    assertThat(ofClasses(Metrics.f1Score(Average.MACRO))).isCloseTo(0.44047619, NEAR);
    assertThat(ofClasses(Metrics.precision(Average.MACRO))).isCloseTo(0.41666667, NEAR);
    assertThat(ofClasses(Metrics.recall(Average.MACRO))).isCloseTo(0.47222222, NEAR);
    assertThat(ofClasses(Metrics.jaccard(Average.MACRO))).isCloseTo(0.33333333, NEAR);
    assertThat(ofClasses(Metrics.jaccard(Average.MICRO))).isCloseTo(0.45454545, NEAR);
    assertThat(ofClasses(Metrics.jaccard(Average.WEIGHTED))).isCloseTo(0.45, NEAR);
    assertThat(ofClasses(Metrics.fBeta(2, Average.WEIGHTED))).isCloseTo(0.609375, NEAR);
  }

  @Test
  void weighsDisagreementByThePlacesOfClassesThatOccur() {
    assertThat(ofClasses(Metrics.cohenKappa())).isCloseTo(0.33333333, NEAR);
    assertThat(ofClasses(Metrics.cohenKappa("linear"))).isCloseTo(0.2, NEAR);
    assertThat(ofClasses(Metrics.cohenKappa("quadratic"))).isCloseTo(0, NEAR);
    assertThatThrownBy(() -> Metrics.cohenKappa("cubic"))
        .hasMessage("cohenKappa: weights 'cubic'; use linear or quadratic, or none");
  }

  @Test
  void scoresTheWholeConfusionMatrix() {
    assertThat(ofClasses(Metrics.balancedAccuracy())).isCloseTo(0.47222222, NEAR);
    assertThat(ofClasses(Metrics.matthewsCorrCoef())).isCloseTo(0.34412360, NEAR);
    assertThat(ofClasses(Metrics.hammingLoss())).isCloseTo(0.375, NEAR);
  }

  @Test
  void givesWhatScikitLearnGivesForASingleClass() {
    Tensor preds = oneHot(2, 1, 1, 1);
    Tensor targets = classes(1, 1, 1);
    assertThat(of(Metrics.f1Score(), preds, targets)).isEqualTo(1);
    assertThat(of(Metrics.f1Score(Average.binary(0)), preds, targets)).isEqualTo(0);
    assertThat(of(Metrics.f1Score(Average.MACRO), preds, targets)).isEqualTo(1);
    assertThat(of(Metrics.balancedAccuracy(), preds, targets)).isEqualTo(1);
    assertThat(of(Metrics.matthewsCorrCoef(), preds, targets)).isEqualTo(0);
    assertThat(of(Metrics.cohenKappa(), preds, targets)).isNaN();
    assertThat(of(Metrics.rocAucBinary(), preds, targets)).isNaN();
    assertThat(of(Metrics.rocAuc(), preds, targets)).isNaN();
    assertThat(of(Metrics.apScoreBinary(), preds, targets)).isEqualTo(1);
    assertThat(of(Metrics.apScoreBinary(), preds, classes(0, 0, 0))).isEqualTo(0);
  }

  @Test
  void givesTheBrierScoreOfThePredictedClassAsFastaiDoes() {
    assertThat(of(Metrics.brierScore(), oneHot(2, 1, 0, 1, 1), classes(1, 0, 0, 1)))
        .isEqualTo(0.25);
  }

  /** Nobody has label 2. */
  private static final double[][] HAS = {{1, 0, 0, 0}, {1, 1, 0, 0}, {0, 0, 0, 0}, {0, 1, 0, 1}};

  private static final double[][] SURE = {
    {.9, .2, .1, .5}, {.4, .8, .6, .1}, {.3, .3, .2, .2}, {.5, .9, .1, .7}
  };

  private static double ofLabels(Metric metric) {
    return inTwoBatches(metric, Tensor.of(SURE), Tensor.of(HAS));
  }

  private static double inTwoBatches(Metric metric, Tensor preds, Tensor targets) {
    metric.accumulate(preds.narrow(0, 0, 2), targets.narrow(0, 0, 2));
    metric.accumulate(preds.narrow(0, 2, 2), targets.narrow(0, 2, 2));
    return metric.value();
  }

  @Test
  void averagesLabelsAndCountsThoseNobodyHas() {
    assertThat(ofLabels(Metrics.f1ScoreMulti(.5, false, Average.MACRO)))
        .isCloseTo(0.54166667, NEAR);
    assertThat(ofLabels(Metrics.precisionMulti(.5, false, Average.MICRO)))
        .isCloseTo(0.57142857, NEAR);
    assertThat(ofLabels(Metrics.recallMulti(.5, false, Average.WEIGHTED))).isCloseTo(.8, NEAR);
    assertThat(ofLabels(Metrics.jaccardMulti(.5, false, Average.WEIGHTED)))
        .isCloseTo(0.63333333, NEAR);
    assertThat(ofLabels(Metrics.jaccardMulti(.5, false, Average.SAMPLES))).isCloseTo(0.375, NEAR);
    assertThat(ofLabels(Metrics.f1ScoreMulti(.5, false, Average.SAMPLES)))
        .isCloseTo(0.49166667, NEAR);
  }

  @Test
  void takesAllLabelsTogetherWhereScikitLearnHasNoAverage() {
    assertThat(ofLabels(Metrics.hammingLossMulti(.5, false))).isCloseTo(0.25, NEAR);
    assertThat(ofLabels(Metrics.brierScoreMulti(.5, false))).isCloseTo(0.25, NEAR);
    assertThat(ofLabels(Metrics.matthewsCorrCoefMulti(.5, false))).isCloseTo(0.49265895, NEAR);
  }

  @Test
  void averagesThePrecisionOfLabels() {
    assertThat(ofLabels(Metrics.apScoreMulti(false, Average.MACRO))).isCloseTo(0.70833333, NEAR);
    assertThat(ofLabels(Metrics.apScoreMulti(false, Average.MICRO))).isCloseTo(0.925, NEAR);
    assertThat(ofLabels(Metrics.apScoreMulti(false, Average.WEIGHTED))).isCloseTo(0.93333333, NEAR);
    assertThat(ofLabels(Metrics.apScoreMulti(false, Average.SAMPLES))).isCloseTo(0.70833333, NEAR);
  }

  @Test
  void averagesTheAreasOfLabels() {
    assertThat(ofThreeLabels(Metrics.rocAucMulti(false, Average.MACRO)))
        .isCloseTo(0.91666667, NEAR);
    assertThat(ofThreeLabels(Metrics.rocAucMulti(false, Average.MICRO)))
        .isCloseTo(0.94285714, NEAR);
    assertThat(ofThreeLabels(Metrics.rocAucMulti(false, Average.WEIGHTED))).isCloseTo(0.9, NEAR);
    assertThat(ofLabels(Metrics.rocAucMulti())).isNaN(); // nobody has label 2
  }

  /** Of the labels that somebody has. */
  private static double ofThreeLabels(Metric metric) {
    Tensor some = Tensor.of(new long[] {0, 1, 3});
    Tensor preds = Tensor.of(SURE).indexSelect(1, some);
    return inTwoBatches(metric, preds, Tensor.of(HAS).indexSelect(1, some));
  }

  @Test
  void countsATieOneHalfWhateverTheSignOfZero() {
    RankingScores tied =
        RankingScores.of(new double[] {0.0, -0.0, 1}, new boolean[] {true, false, true});
    assertThat(tied.thresholds()).containsExactly(Double.POSITIVE_INFINITY, 1, 0);
    assertThat(tied.rocAuc()).isEqualTo(0.75); // pairs: 1 over 0 right, 0 against 0 a half
    assertThat(tied.averagePrecision()).isCloseTo(0.5 + 0.5 * 2 / 3, NEAR);
    assertThat(RankingScores.of(new double[] {Double.NaN, 1}, new boolean[] {true, false}).rocAuc())
        .isNaN();
  }

  @Test
  void scoresARegressionWithTies() {
    Tensor preds = Tensor.of(new double[] {1, 2, 2, 4, 7}, 5, 1);
    Tensor targets = Tensor.of(new double[] {1.5, 2, 3, 3, 8});
    assertThat(of(Metrics.r2Score(), preds, targets)).isCloseTo(0.87962963, NEAR);
    assertThat(of(Metrics.explainedVariance(), preds, targets)).isCloseTo(0.89629630, NEAR);
    assertThat(of(Metrics.pearsonCorrCoef(), preds, targets)).isCloseTo(0.94714955, NEAR);
    assertThat(of(Metrics.spearmanCorrCoef(), preds, targets)).isCloseTo(0.92105263, NEAR);
    assertThat(of(Metrics.rmse(), preds, targets)).isCloseTo(0.80622577, NEAR);
    assertThat(of(Metrics.expRmspe(), preds, targets)).isCloseTo(0.88390762, NEAR);
  }

  @Test
  void keepsItsDigitsFarFromZero() {
    Tensor preds = Tensor.of(new double[] {1, 2, 2, 4, 7}).add(1e9);
    Tensor targets = Tensor.of(new double[] {1.5, 2, 3, 3, 8}).add(1e9);
    assertThat(of(Metrics.r2Score(), preds, targets)).isCloseTo(0.87962963, NEAR);
    assertThat(of(Metrics.pearsonCorrCoef(), preds, targets)).isCloseTo(0.94714955, NEAR);
  }

  @Test
  void settlesConstantTargetsAsScikitLearnDoes() {
    Tensor same = Tensor.full(0.1, 3);
    Tensor others = Tensor.of(new float[] {.1f, .2f, .3f});
    assertThat(of(Metrics.r2Score(), same, same)).isEqualTo(1);
    assertThat(of(Metrics.r2Score(), others, same)).isEqualTo(0);
    assertThat(of(Metrics.explainedVariance(), others, same)).isEqualTo(0);
    assertThat(of(Metrics.explainedVariance(), same, same)).isEqualTo(1);
    assertThat(of(Metrics.pearsonCorrCoef(), others, same)).isNaN();
    assertThat(of(Metrics.spearmanCorrCoef(), others, same)).isNaN();
    assertThat(of(Metrics.r2Score(), Tensor.ones(1), Tensor.ones(1))).isNaN();
  }

  @Test
  void measuresLogarithmsAndForeground() {
    Tensor preds = Tensor.of(new float[] {1, 2});
    assertThat(of(Metrics.msle(), preds, Tensor.of(new float[] {0, 4})))
        .isCloseTo(0.370698, within(1e-6)); // fastai's
    Tensor masks = Tensor.of(new long[] {0, 1, 1, 0, 1, 2}, 1, 1, 2, 3);
    Tensor outputs = oneHot(3, 1, 1, 0, 0, 1, 1).t().reshape(1, 3, 2, 3);
    assertThat(of(Metrics.foregroundAcc(), outputs, masks)).isCloseTo(0.5, NEAR); // 2 of 4
    assertThat(of(Metrics.accuracy(1), outputs, masks)).isCloseTo(0.5, NEAR); // 3 of 6
  }

  @Test
  void overlapsMasksOfSeveralClasses() {
    Tensor masks = Tensor.of(new long[] {0, 1, 1, 0, 1, 2}, 1, 2, 3);
    Tensor outputs = oneHot(4, 1, 1, 0, 0, 1, 1).t().reshape(1, 4, 2, 3);
    // Class 0: 1 right of 2 and 2; class 1: 2 of 4 and 3; class 2: 0 of 0 and 1; class 3: nowhere.
    assertThat(of(Metrics.diceMulti(), outputs, masks))
        .isCloseTo((2 / 4.0 + 4 / 7.0 + 0) / 3, NEAR);
    assertThat(of(Metrics.jaccardCoeffMulti(), outputs, masks))
        .isCloseTo((1 / 3.0 + 2 / 5.0 + 0) / 3, NEAR);
    Tensor none = Tensor.of(new float[] {1, 1, 0, 0}, 1, 2, 1, 2);
    assertThat(of(Metrics.dice(), none, classes(0, 0))).isNaN();
    assertThat(of(Metrics.dice(), none, classes(0, 1))).isEqualTo(0);
  }

  @Test
  void takesTheExponentialOfTheMeanCrossEntropyForPerplexity() {
    assertThat(of(Metrics.perplexity(), Tensor.zeros(2, 5, 10), Tensor.zeros(2, 5).toLong()))
        .isCloseTo(10, within(1e-5)); // a guess among ten
  }

  private static final List<Supplier<Metric>> ALL =
      List.of(
          Metrics::accuracy,
          Metrics::errorRate,
          Metrics::topKAccuracy,
          Metrics::accuracyMulti,
          Metrics::mse,
          Metrics::mae,
          Metrics::msle,
          Metrics::foregroundAcc,
          Metrics::perplexity,
          Metrics::f1Score,
          () -> Metrics.fBeta(2),
          Metrics::precision,
          Metrics::recall,
          Metrics::jaccard,
          Metrics::balancedAccuracy,
          Metrics::hammingLoss,
          Metrics::brierScore,
          Metrics::cohenKappa,
          Metrics::matthewsCorrCoef,
          Metrics::rocAuc,
          Metrics::rocAucOvo,
          Metrics::rocAucBinary,
          Metrics::apScoreBinary,
          Metrics::f1ScoreMulti,
          () -> Metrics.fBetaMulti(2),
          Metrics::precisionMulti,
          Metrics::recallMulti,
          Metrics::jaccardMulti,
          Metrics::hammingLossMulti,
          Metrics::brierScoreMulti,
          Metrics::matthewsCorrCoefMulti,
          Metrics::rocAucMulti,
          Metrics::apScoreMulti,
          Metrics::rmse,
          Metrics::expRmspe,
          Metrics::explainedVariance,
          Metrics::r2Score,
          Metrics::pearsonCorrCoef,
          Metrics::spearmanCorrCoef,
          Metrics::dice,
          Metrics::jaccardCoeff,
          Metrics::diceMulti,
          Metrics::jaccardCoeffMulti,
          Metrics::corpusBleu);

  static Stream<Metric> all() {
    return ALL.stream().map(Supplier::get);
  }

  @ParameterizedTest
  @MethodSource("all")
  void isNotANumberUntilABatchCame(Metric metric) {
    assertThat(metric.value()).isNaN();
    metric.reset();
    assertThat(metric.value()).isNaN();
  }

  @ParameterizedTest
  @MethodSource("all")
  void namesItselfAndTheShapesWhenItFails(Metric metric) {
    assertThatThrownBy(() -> metric.accumulate(Tensor.zeros(3, 4), Tensor.zeros(5)))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith(
            "metric '" + metric.name() + "' of predictions [3, 4] and targets [5]: ");
    assertThat(metric.value()).isNaN();
  }

  @Test
  void computesAFunctionOfTheWholeSet() {
    Metric largest = Metric.ofWholeSet("largest", (p, y) -> p.sub(y).abs().max());
    assertThat(largest.value()).isNaN();
    largest.accumulate(Tensor.of(new float[] {1, 2}), Tensor.of(new float[] {4, 2}));
    largest.accumulate(Tensor.of(new float[] {7}), Tensor.of(new float[] {5}));
    assertThat(largest.value()).isEqualTo(3);
    largest.reset();
    assertThat(largest.value()).isNaN();
  }

  @Test
  void tunesASettingToTheBest() {
    Metric best = Metrics.optim("best", (p, y, at) -> p.gt(at).eq(y).toFloat().mean(), 0, 1);
    Tensor preds = Tensor.of(new float[] {0.1f, 0.2f, 0.35f, 0.4f});
    assertThat(of(best, preds, Tensor.of(new boolean[] {false, false, true, true}))).isEqualTo(1);
    Metric parabola =
        Metrics.optim("top", (p, y, x) -> Tensor.scalar(5 - (x - 0.7) * (x - 0.7)), 0, 1);
    assertThat(of(parabola, preds, preds)).isCloseTo(5, within(1e-4));
  }

  @Test
  void takesANumberThatSomethingElseKeeps() {
    double[] kept = {1};
    Metric metric = Metric.ofValue("kept", () -> kept[0]);
    kept[0] = 2.5;
    assertThat(of(metric, Tensor.zeros(1), Tensor.zeros(1))).isEqualTo(2.5);
  }

  @Test
  void scoresRunsOfWords() {
    // 5 of 6 words, 4 of 5 pairs, 3 of 4 triples, 2 of 3 quadruples: the product is 1/3.
    Metric bleu = Metrics.corpusBleu();
    Tensor preds = oneHot(8, 0, 1, 2, 3, 4, 5).unsqueeze(0);
    assertThat(of(bleu, preds, classes(0, 1, 2, 3, 4, 6).unsqueeze(0)))
        .isCloseTo(Math.pow(1 / 3.0, 0.25), NEAR);
    // Two words more are wanted: exp(1 - 8/6).
    bleu.reset();
    assertThat(of(bleu, preds, classes(0, 1, 2, 3, 4, 6, 7, 7).unsqueeze(0)))
        .isCloseTo(Math.exp(1 - 8 / 6.0) * Math.pow(1 / 3.0, 0.25), NEAR);
    // The word 0 is there twice, of 6; no run of two or more: 1/2 of 5, 1/4 of 4, 1/8 of 3.
    bleu.reset();
    assertThat(
            of(
                bleu,
                oneHot(8, 0, 0, 0, 0, 0, 0).unsqueeze(0),
                classes(0, 1, 0, 2, 3, 4).unsqueeze(0)))
        .isCloseTo(Math.pow(2 / 6.0 * (0.5 / 5) * (0.25 / 4) * (0.125 / 3), 0.25), NEAR);
  }

  @Test
  void startsAfreshAfterAReset() {
    for (Metric metric :
        List.of(
            Metrics.accuracy(),
            Metrics.f1Score(),
            Metrics.rocAucBinary(),
            Metrics.r2Score(),
            Metrics.spearmanCorrCoef())) {
      boolean numbers = metric.name().startsWith("r2") || metric.name().startsWith("spearman");
      Tensor targets = classes(0, 1, 1, 0);
      Tensor right = numbers ? targets.toFloat() : oneHot(2, 0, 1, 1, 0);
      Tensor wrong = numbers ? targets.rsub(1).toFloat() : oneHot(2, 1, 0, 0, 1);
      assertThat(of(metric, wrong, targets)).as(metric.name()).isLessThanOrEqualTo(0);
      metric.reset();
      assertThat(of(metric, right, targets)).as(metric.name()).isEqualTo(1);
    }
  }

  @Test
  void leavesNoTensorBehind() {
    Tensor preds = oneHot(2, 0, 1, 1, 0);
    Tensor targets = classes(0, 1, 1, 0);
    long before = Torch.liveTensors();
    for (Metric metric :
        List.of(Metrics.accuracy(), Metrics.f1Score(), Metrics.rocAucBinary(), Metrics.rocAuc())) {
      metric.accumulate(preds, targets);
      metric.accumulate(preds, targets);
      assertThat(Torch.liveTensors()).as(metric.name()).isEqualTo(before);
    }
  }

  @Test
  void tellsWhatToUseForOtherNumbersOfClasses() {
    assertThatThrownBy(() -> of(Metrics.f1Score(), oneHot(3, 0, 1, 2), classes(0, 1, 2)))
        .hasMessageContaining("metric 'f1_score'")
        .hasMessageContaining("for 2 classes, not 3; use an average such as Average.MACRO");
    assertThatThrownBy(() -> of(Metrics.balancedAccuracy(), oneHot(2, 0, 1), classes(0, 2)))
        .hasMessageContaining("class 2 is not among the predictions' 2");
    assertThatThrownBy(() -> of(Metrics.rocAuc(), oneHot(2, 0, 1), classes(0, -1)))
        .hasMessageContaining("class -1 is not among the predictions' 2");
    assertThatThrownBy(() -> Metrics.f1ScoreMulti(0.5, true, Average.BINARY))
        .hasMessageContaining("use Average.MACRO");
    assertThatThrownBy(() -> Metrics.f1Score(Average.SAMPLES))
        .hasMessageContaining("is for items with several labels");
    assertThatThrownBy(() -> Average.binary(2)).hasMessage("binary: of two classes none is 2");
  }

  @Test
  void losesNothingToABatchThatFails() {
    Metric f1 = Metrics.f1Score(Average.MACRO);
    f1.accumulate(oneHot(3, 0, 1), classes(0, 1));
    assertThatThrownBy(() -> f1.accumulate(oneHot(4, 0, 1), classes(0, 1)))
        .hasMessageContaining("there were 3 outputs in the batch before, now 4; call reset()");
    assertThat(f1.value()).isEqualTo(1);
  }

  private static double ofClasses(Metric metric) {
    return of(metric, oneHot(5, PREDICTED), classes(ACTUAL));
  }

  private static double of(Metric metric, Tensor preds, Tensor targets) {
    metric.accumulate(preds, targets);
    return metric.value();
  }

  private static Tensor classes(int... numbers) {
    return Tensor.of(numbers).toLong();
  }

  /** Logits whose largest is at these classes, {@code [n, c]}. */
  private static Tensor oneHot(int c, int... numbers) {
    return classes(numbers).oneHot(c).toFloat();
  }
}
