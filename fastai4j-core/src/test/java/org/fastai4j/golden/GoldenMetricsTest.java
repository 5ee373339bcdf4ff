package org.fastai4j.golden;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.fastai4j.metrics.Average;
import org.fastai4j.metrics.ClassCounts;
import org.fastai4j.metrics.ConfusionCounts;
import org.fastai4j.metrics.Metric;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.metrics.RankingScores;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics against fastai's and scikit-learn's; golden kind {@code metrics}. */
class GoldenMetricsTest {

  /** A case's tensors, and its predictions and targets in the batches it was made with. */
  private record Run(Golden.Case c, Map<String, Tensor> in) {
    Tensor tensor(String name) {
      return requireNonNull(in.get(name), name);
    }

    Tensor pred() {
      return tensor("in.pred");
    }

    Tensor targ() {
      return tensor("in.targ");
    }

    Tensor of(Metric metric) {
      long size = c.params().has("batch_size") ? c.params().get("batch_size").getAsLong() : 1000;
      return ofBatches(metric, pred().split(size, 0), targ().split(size, 0));
    }

    Tensor ofAllAtOnce(Metric metric) {
      return ofBatches(metric, List.of(pred()), List.of(targ()));
    }
  }

  private static final Map<String, Function<Run, Map<String, Tensor>>> CASES =
      Map.ofEntries(
          entry("accuracy", GoldenMetricsTest::accuracy),
          entry("top_k_accuracy", GoldenMetricsTest::topKAccuracy),
          entry("confusion_matrix", GoldenMetricsTest::confusionMatrix),
          entry("f1_precision_recall_multiclass", GoldenMetricsTest::multiclass),
          entry("roc_auc_multiclass", GoldenMetricsTest::rocAucMulticlass),
          entry("binary", GoldenMetricsTest::binary),
          entry("roc_auc_ties", GoldenMetricsTest::rocAucTies),
          entry("no_positive_predictions", GoldenMetricsTest::noPositivePredictions),
          entry("multilabel", GoldenMetricsTest::multilabel),
          entry("regression", GoldenMetricsTest::regression),
          entry("dice", GoldenMetricsTest::dice),
          entry("avg_loss_perplexity", GoldenMetricsTest::perplexity));

  static List<Golden.Case> cases() {
    return Golden.cases("metrics");
  }

  @Test
  void hasEveryCase() {
    assertThat(cases().stream().map(GoldenMetricsTest::shortName))
        .hasSize(12)
        .containsExactlyInAnyOrderElementsOf(CASES.keySet());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithFastai(Golden.Case c) {
    Run run = new Run(c, c.tensors());
    Map<String, Tensor> out = requireNonNull(CASES.get(shortName(c))).apply(run);
    assertThat(out.keySet().stream().map(name -> "out." + name))
        .containsExactlyInAnyOrderElementsOf(c.outputs());
    out.forEach((name, actual) -> c.check("out." + name, actual, run.tensor("out." + name)));
  }

  private static Map<String, Tensor> accuracy(Run run) {
    List<Tensor> preds = run.pred().split(16, 0);
    List<Tensor> targets = run.targ().split(16, 0);
    double[] perBatch = new double[preds.size()];
    for (int i = 0; i < perBatch.length; i++) {
      perBatch[i] =
          ofBatches(Metrics.accuracy(), preds.subList(i, i + 1), targets.subList(i, i + 1)).item();
    }
    return Map.of(
        "accuracy", run.ofAllAtOnce(Metrics.accuracy()),
        "error_rate", run.ofAllAtOnce(Metrics.errorRate()),
        "avg_accuracy", run.of(Metrics.accuracy()),
        "avg_error_rate", run.of(Metrics.errorRate()),
        "per_batch", Tensor.of(perBatch));
  }

  private static Map<String, Tensor> topKAccuracy(Run run) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    Golden.stream(run.c().params().get("ks"))
        .map(k -> k.getAsInt())
        .forEach(k -> out.put("top" + k, run.of(Metrics.topKAccuracy(k))));
    return out;
  }

  private static Map<String, Tensor> confusionMatrix(Run run) {
    ConfusionCounts counts = counts(run);
    return Map.of(
        "decoded", run.pred().argmax(-1),
        "matrix", Tensor.of(counts.matrix()),
        "normalized", Tensor.of(counts.normalized()));
  }

  private static Map<String, Tensor> multiclass(Run run) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (Average average : List.of(Average.MACRO, Average.MICRO, Average.WEIGHTED)) {
      out.put("f1_" + average, run.of(Metrics.f1Score(average)));
      out.put("fbeta2_" + average, run.of(Metrics.fBeta(2, average)));
      out.put("precision_" + average, run.of(Metrics.precision(average)));
      out.put("recall_" + average, run.of(Metrics.recall(average)));
    }
    out.put("jaccard_macro", run.of(Metrics.jaccard(Average.MACRO)));
    out.put("balanced_accuracy", run.of(Metrics.balancedAccuracy()));
    out.put("cohen_kappa", run.of(Metrics.cohenKappa()));
    out.put("hamming_loss", run.of(Metrics.hammingLoss()));
    out.put("matthews", run.of(Metrics.matthewsCorrCoef()));
    ConfusionCounts counts = counts(run);
    out.put("per_class_f1", perClass(counts, ClassCounts::f1));
    out.put("per_class_precision", perClass(counts, ClassCounts::precision));
    out.put("per_class_recall", perClass(counts, ClassCounts::recall));
    out.put("support", perClass(counts, ClassCounts::actual));
    return out;
  }

  private static Map<String, Tensor> rocAucMulticlass(Run run) {
    return Map.of(
        "probs", run.pred().softmax(-1),
        "roc_auc_ovr", run.of(Metrics.rocAuc()),
        "roc_auc_ovo", run.of(Metrics.rocAucOvo()));
  }

  private static Map<String, Tensor> binary(Run run) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("f1", run.of(Metrics.f1Score()));
    out.put("f1_pos0", run.of(Metrics.f1Score(Average.binary(0))));
    out.put("fbeta0.5", run.of(Metrics.fBeta(0.5)));
    out.put("precision", run.of(Metrics.precision()));
    out.put("recall", run.of(Metrics.recall()));
    out.put("matthews", run.of(Metrics.matthewsCorrCoef()));
    out.put("roc_auc", run.of(Metrics.rocAucBinary()));
    out.put("average_precision", run.of(Metrics.apScoreBinary()));
    out.put("confusion", Tensor.of(counts(run).matrix()));
    RankingScores roc =
        RankingScores.of(
            run.pred().softmax(-1).select(1, 1).toDoubleArray(), run.targ().toBooleanArray());
    out.put("roc_fpr", Tensor.of(roc.fpr()));
    out.put("roc_tpr", Tensor.of(roc.tpr()));
    return out;
  }

  private static Map<String, Tensor> rocAucTies(Run run) {
    RankingScores scores =
        RankingScores.of(run.tensor("in.score").toDoubleArray(), run.targ().toBooleanArray());
    return Map.of(
        "roc_auc", scalar(scores.rocAuc()),
        "average_precision", scalar(scores.averagePrecision()));
  }

  private static Map<String, Tensor> noPositivePredictions(Run run) {
    Tensor pred = run.tensor("in.pred_class").oneHot(2);
    Function<Metric, Tensor> of = m -> ofBatches(m, List.of(pred), List.of(run.targ()));
    return Map.of(
        "f1", of.apply(Metrics.f1Score()),
        "precision", of.apply(Metrics.precision()),
        "recall", of.apply(Metrics.recall()));
  }

  private static Map<String, Tensor> multilabel(Run run) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    double thresh = run.c().params().get("thresh_accuracy").getAsDouble();
    out.put("accuracy_multi", run.of(Metrics.accuracyMulti()));
    out.put("accuracy_multi_thresh", run.of(Metrics.accuracyMulti(thresh, true)));
    Metric ofProbabilities = Metrics.accuracyMulti(0.5, false);
    out.put(
        "accuracy_multi_nosigmoid",
        ofBatches(ofProbabilities, List.of(run.pred().sigmoid()), List.of(run.targ())));
    for (Average average : List.of(Average.MACRO, Average.MICRO, Average.SAMPLES)) {
      out.put("f1_" + average, run.of(Metrics.f1ScoreMulti(0.5, true, average)));
      out.put("precision_" + average, run.of(Metrics.precisionMulti(0.5, true, average)));
      out.put("recall_" + average, run.of(Metrics.recallMulti(0.5, true, average)));
    }
    out.put("roc_auc", run.of(Metrics.rocAucMulti()));
    return out;
  }

  private static Map<String, Tensor> regression(Run run) {
    return Map.of(
        "mse", run.of(Metrics.mse()),
        "mae", run.of(Metrics.mae()),
        "rmse", run.of(Metrics.rmse()),
        "r2", run.of(Metrics.r2Score()));
  }

  private static Map<String, Tensor> dice(Run run) {
    return Map.of(
        "dice", run.of(Metrics.dice()),
        "dice_multi", run.of(Metrics.diceMulti()),
        "jaccard", run.of(Metrics.jaccardCoeff()));
  }

  /** The losses are the predictions; the sizes are those of the targets. */
  private static Map<String, Tensor> perplexity(Run run) {
    List<Tensor> losses = run.tensor("in.batch_losses").split(1, 0);
    List<Tensor> targets =
        run.tensor("in.batch_sizes").longStream().mapToObj(n -> Tensor.zeros(n)).toList();
    Metric loss = Metric.of("loss", (preds, targ) -> preds);
    return Map.of(
        "loss", ofBatches(loss, losses, targets),
        "perplexity", ofBatches(Metrics.perplexity((preds, targ) -> preds), losses, targets));
  }

  private static Tensor ofBatches(Metric metric, List<Tensor> preds, List<Tensor> targets) {
    metric.reset();
    for (int i = 0; i < preds.size(); i++) {
      metric.accumulate(preds.get(i), targets.get(i));
    }
    return scalar(metric.value());
  }

  private static ConfusionCounts counts(Run run) {
    ConfusionCounts counts = new ConfusionCounts((int) run.pred().size(-1));
    counts.add(run.pred().argmax(-1), run.targ());
    return counts;
  }

  private static Tensor perClass(ConfusionCounts counts, ToDoubleFunction<ClassCounts> score) {
    return Tensor.of(counts.perClass().stream().mapToDouble(score).toArray());
  }

  private static Tensor scalar(double value) {
    return Tensor.of(new double[] {value}).squeeze();
  }

  private static String shortName(Golden.Case c) {
    return c.name().substring(c.name().indexOf('/') + 1);
  }
}
