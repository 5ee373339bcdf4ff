package org.fastai4j.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Predictions;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Identity;
import org.fastai4j.plot.Pixels;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.junit.jupiter.api.Test;

/** Seven items whose probabilities are known, since the model gives back their logarithms. */
class ClassificationInterpretationTest {
  private static final List<String> VOCAB = List.of("cat", "dog", "bird");

  private static Predictions predictions(float[][] probabilities, long... actual) {
    TensorDataset items = TensorDataset.of(Tensor.of(probabilities).log(), Tensor.of(actual));
    return Learner.builder(DataLoaders.of(items, items, 4), new Identity())
        .loss(new CrossEntropyLoss())
        .quiet()
        .build()
        .getPreds();
  }

  private static Predictions seven() {
    float[][] probabilities = {
      {0.8f, 0.1f, 0.1f},
      {0.2f, 0.5f, 0.3f},
      {0.1f, 0.7f, 0.2f},
      {0.6f, 0.3f, 0.1f},
      {0.25f, 0.5f, 0.25f},
      {0.05f, 0.9f, 0.05f},
      {0.3f, 0.2f, 0.5f}
    };
    return predictions(probabilities, 0, 0, 0, 1, 1, 2, 2);
  }

  private static ClassificationInterpretation interp() {
    return ClassificationInterpretation.of(seven(), VOCAB);
  }

  @Test
  void countsActualClassesInRowsAndPredictedOnesInColumns() {
    assertThat(interp().confusionMatrix())
        .isDeepEqualTo(new long[][] {{1, 2, 0}, {1, 1, 0}, {0, 1, 1}});
  }

  @Test
  void listsTheMostConfusedFirstAndTiesByRow() {
    assertThat(interp().mostConfused())
        .containsExactly(
            new Confusion("cat", "dog", 2),
            new Confusion("dog", "cat", 1),
            new Confusion("bird", "dog", 1));
    assertThat(interp().mostConfused(2)).containsExactly(new Confusion("cat", "dog", 2));
  }

  @Test
  void listsTheItemsWithTheLargestLosses() {
    List<TopLoss> top = interp().topLosses(3);
    assertThat(top).extracting(TopLoss::index).containsExactly(5, 2, 1);
    assertThat(top).extracting(TopLoss::actual).containsExactly("bird", "cat", "cat");
    assertThat(top).extracting(TopLoss::predicted).containsExactly("dog", "dog", "dog");
    assertThat(top.get(0).loss()).isCloseTo(-Math.log(0.05), within(1e-5));
    assertThat(top.get(1).loss()).isCloseTo(-Math.log(0.1), within(1e-5));
    assertThat(top.get(0).probability()).isCloseTo(0.9, within(1e-5));
    assertThat(interp().topLosses(100)).hasSize(7);
  }

  @Test
  void measuresAccuracyAndLoss() {
    assertThat(interp().accuracy()).isCloseTo(3 / 7.0, within(1e-12));
    double logs = 0;
    for (double p : new double[] {0.8, 0.2, 0.1, 0.3, 0.5, 0.05, 0.5}) {
      logs -= Math.log(p);
    }
    assertThat(interp().loss()).isCloseTo(logs / 7, within(1e-5));
    assertThat(interp().perClass().get(1).recall()).isEqualTo(0.5);
  }

  @Test
  void drawsTheWorstItemsUnderTheirTitles() {
    List<Integer> asked = new ArrayList<>();
    String svg =
        interp()
            .plotTopLosses(
                3,
                i -> {
                  asked.add(i);
                  return Pixels.of(new byte[16], 4, 4, 1);
                })
            .svg();
    assertThat(asked).containsExactly(5, 2, 1);
    assertThat(svg)
        .contains("Prediction/Actual/Loss/Probability")
        .contains("dog/bird / 3.00 / 0.90")
        .contains("dog/cat / 2.30 / 0.70");
  }

  @Test
  void drawsSharesOfEachRow() {
    assertThat(interp().plotNormalizedConfusionMatrix().svg())
        .contains(">0.33<", ">0.67<", ">0.50<")
        .doesNotContain(">2<");
  }

  @Test
  void takesASingleOutputForTheSecondOfTwoClasses() {
    Tensor logits = Tensor.of(new float[][] {{-2}, {1}, {3}});
    TensorDataset items = TensorDataset.of(logits, Tensor.of(new long[] {0, 0, 1}));
    Learner learn =
        Learner.builder(DataLoaders.of(items, items, 2), new Identity())
            .loss(new BCEWithLogitsLoss())
            .quiet()
            .build();
    var interp = ClassificationInterpretation.of(learn.getPreds(), List.of("no", "yes"));
    assertThat(interp.confusionMatrix()).isDeepEqualTo(new long[][] {{1, 1}, {0, 1}});
    TopLoss worst = interp.topLosses(1).get(0);
    assertThat(worst.title()).isEqualTo("yes/no / 1.31 / 0.73");
    assertThat(interp.topLosses(3).get(1).probability()).isCloseTo(0.8808, within(1e-4));
    assertThatThrownBy(() -> ClassificationInterpretation.fromLearner(learn))
        .hasMessageContaining("a vocabulary of 0 for a model with 1 outputs");
  }

  @Test
  void drawsTheMatrix() {
    assertThat(interp().plotConfusionMatrix().svg())
        .contains("Actual", "Predicted", "cat", "dog", "bird");
  }

  @Test
  void reportsAsScikitLearnDoes() {
    assertThat(interp().classificationReport())
        .isEqualTo(
            """
                          precision    recall  f1-score   support

                     cat       0.50      0.33      0.40         3
                     dog       0.25      0.50      0.33         2
                    bird       1.00      0.50      0.67         2

                accuracy                           0.43         7
               macro avg       0.58      0.44      0.47         7
            weighted avg       0.57      0.43      0.46         7
            """);
  }

  @Test
  void roundsHalvesToEvenAndScoresAClassNeverPredictedZero() {
    float[][] cats = new float[8][];
    Arrays.fill(cats, new float[] {0.75f, 0.25f});
    Predictions all = predictions(cats, 0, 1, 1, 1, 1, 1, 1, 1);
    assertThat(ClassificationInterpretation.of(all, List.of("cat", "dog")).classificationReport())
        .contains("         cat       0.12      1.00      0.22         1\n")
        .contains("         dog       0.00      0.00      0.00         7\n");
  }

  @Test
  void refusesAVocabularyOfAnotherSize() {
    assertThatThrownBy(() -> ClassificationInterpretation.of(seven(), List.of("cat", "dog")))
        .isInstanceOf(TensorException.class)
        .hasMessage("a vocabulary of 2 for a model with 3 outputs; give a name for each");
  }
}
