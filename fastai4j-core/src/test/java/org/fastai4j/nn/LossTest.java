package org.fastai4j.nn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.util.List;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossTest {
  /** Logits of three items, and numbers that fastai 2.7.18 gave for them. */
  private static Tensor logits() {
    return Tensor.of(new float[] {2, 1, 0.1f, 0.5f, 2.5f, -1, 0, 0, 3}, 3, 3);
  }

  private static Tensor classes() {
    return Tensor.of(new long[] {0, 2, 2});
  }

  @Test
  void givesTheLossOfEachItemAndTheirMean() {
    assertThat(new CrossEntropyLoss().apply(logits(), classes())).isCloseTo(1.388377);
    assertThat(new CrossEntropyLoss().perItem(logits(), classes()))
        .isCloseTo(Tensor.of(new float[] {0.41703f, 3.653178f, 0.094923f}), 0, 1e-5);
    assertThat(new LabelSmoothingCrossEntropy().perItem(logits(), classes()))
        .isCloseTo(Tensor.of(new float[] {0.513697f, 3.486511f, 0.294923f}), 0, 1e-5);
    assertThat(new FocalLoss().apply(logits(), classes())).isCloseTo(1.171868);
    assertThat(new FocalLoss(0).apply(logits(), classes())).isCloseTo(1.388377);
  }

  @Test
  void takesTargetsOfAnyWholeTypeAndShape() {
    for (DType type : List.of(DType.UINT8, DType.INT32, DType.INT16)) {
      assertThat(new CrossEntropyLoss().apply(logits(), classes().to(type).view(3, 1)))
          .isCloseTo(1.388377);
    }
    assertThat(
            new MSELoss().apply(Tensor.of(new float[] {1, 2}, 2, 1), Tensor.of(new long[] {0, 4})))
        .isCloseTo(2.5);
    Tensor holds = Tensor.of(new boolean[] {true, false, false, true}, 2, 2);
    assertThat(
            new BCEWithLogitsLoss().apply(Tensor.of(new float[] {2, -1, 0.3f, 0.6f}, 2, 2), holds))
        .isCloseTo(0.433008);
  }

  @Test
  void measuresProbabilitiesAsItDoesTheirLogits() {
    Tensor logits = Tensor.of(new float[] {2, -1, 0.3f, 0.6f}, 2, 2);
    Tensor holds = Tensor.of(new boolean[] {true, false, false, true});
    BCELoss loss = new BCELoss();
    assertThat(loss.apply(logits.sigmoid(), holds)).isCloseTo(0.433008);
    assertThat(loss.perItem(logits.sigmoid(), holds))
        .isCloseTo(new BCEWithLogitsLoss().perItem(logits, holds), 1e-5, 1e-6);
    assertThat(loss.withReduction(Reduction.SUM).apply(Tensor.of(new float[] {0}), Tensor.ones(1)))
        .isCloseTo(100); // where PyTorch's logarithm ends
    assertThat(loss.decodes(loss.activation(logits))).isCloseTo(logits, 0, 0); // as fastai's
    assertThatThrownBy(() -> loss.apply(logits, holds))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("call sigmoid() first");
  }

  @Test
  void takesProbabilitiesForClasses() {
    Tensor sure = classes().oneHot(3).toFloat();
    assertThat(new CrossEntropyLoss().apply(logits(), sure)).isCloseTo(1.388377);
    Tensor image = logits().view(1, 3, 1, 3);
    assertThat(new CrossEntropyLoss().withAxis(1).apply(image, image.softmax(1)))
        .isCloseTo(image.crossEntropy(image.softmax(1)));
  }

  @Test
  void leavesOutWhatIsIgnored() {
    Tensor without =
        new CrossEntropyLoss().apply(logits().narrow(0, 1, 2), classes().narrow(0, 1, 2));
    assertThat(new CrossEntropyLoss().withIgnoreIndex(0).apply(logits(), classes()))
        .isCloseTo(without);
    assertThat(new CrossEntropyLoss().withIgnoreIndex(0).perItem(logits(), classes()).get(0))
        .isCloseTo(0);
  }

  @Test
  void weighsByTheClassesOrTheElementsThatHold() {
    Tensor even = new CrossEntropyLoss().apply(logits(), classes());
    assertThat(new CrossEntropyLoss().withWeight(Tensor.full(3, 3)).apply(logits(), classes()))
        .isCloseTo(even);
    assertThat(
            new CrossEntropyLoss()
                .withWeight(Tensor.of(new float[] {1, 1, 0}))
                .apply(logits(), classes()))
        .isCloseTo(0.41703);
    Tensor zero = Tensor.zeros(2, 1);
    assertThat(
            new BCEWithLogitsLoss()
                .withPosWeight(Tensor.of(new float[] {3}))
                .withReduction(Reduction.SUM)
                .apply(zero, Tensor.of(new long[] {1, 0})))
        .isCloseTo(4 * Math.log(2));
  }

  @Test
  void averagesThePixelsOfAnItem() {
    Tensor preds = Tensor.randn(2, 3, 4, 5);
    Tensor targets = Tensor.rand(2, 4, 5).mul(3).floor().toLong();
    CrossEntropyLoss loss = new CrossEntropyLoss().withAxis(1);
    assertThat(loss.perItem(preds, targets)).hasShape(2);
    assertThat(loss.perItem(preds, targets).mean())
        .isCloseTo(loss.apply(preds, targets), 1e-5, 1e-6);
    assertThat(new DiceLoss().perItem(preds, targets).sum())
        .isCloseTo(new DiceLoss().apply(preds, targets), 1e-5, 1e-6);
    Loss lambda = (p, t) -> p.crossEntropy(t);
    assertThat(lambda.perItem(logits(), classes()))
        .isCloseTo(new CrossEntropyLoss().perItem(logits(), classes()));
  }

  static List<Loss> losses() {
    return List.of(new CrossEntropyLoss(), new LabelSmoothingCrossEntropy(), new FocalLoss());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void namesTheClassThatIsOutOfRange(Loss loss) {
    for (long wrong : new long[] {3, -1}) {
      assertThatThrownBy(() -> loss.apply(logits(), Tensor.of(new long[] {0, wrong, 2})))
          .isInstanceOf(TensorException.class)
          .hasMessageStartingWith(loss.toString())
          .hasMessageContaining(
              "target class " + wrong + " is out of range: the predictions have 3 classes, 0 to 2");
    }
  }

  @Test
  void namesTheClassOfAPixelThatIsOutOfRange() {
    Tensor preds = Tensor.zeros(1, 2, 1, 2);
    Tensor targets = Tensor.of(new long[] {0, 255}, 1, 1, 2);
    assertThatThrownBy(() -> new DiceLoss().apply(preds, targets))
        .hasMessageContaining("target class 255 is out of range: the predictions have 2 classes");
    assertThatThrownBy(() -> new CrossEntropyLoss().withAxis(1).apply(preds, targets))
        .hasMessageContaining("target class 255 is out of range: the predictions have 2 classes");
  }

  @Test
  void saysWhatDoesNotFit() {
    assertThatThrownBy(() -> new CrossEntropyLoss().apply(logits(), Tensor.ones(3)))
        .hasMessageContaining("targets are classes, whole numbers; they are [3] float32");
    assertThatThrownBy(() -> new CrossEntropyLoss().apply(logits(), classes().narrow(0, 0, 2)))
        .hasMessageContaining("[3, 3]")
        .hasMessageContaining("[2]");
    assertThatThrownBy(() -> new MSELoss().apply(Tensor.ones(3, 1), Tensor.ones(2)))
        .hasMessageContaining("MSELoss: predictions [3, 1] and targets [2]");
    assertThatThrownBy(() -> new DiceLoss().apply(logits(), classes()))
        .hasMessageContaining("it was given [3, 3] and [3]");
  }
}
