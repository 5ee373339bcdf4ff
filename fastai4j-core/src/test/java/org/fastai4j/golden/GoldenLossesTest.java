package org.fastai4j.golden;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.fastai4j.nn.Functional;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses against PyTorch's and fastai's, with gradients; golden kind {@code losses}. */
class GoldenLossesTest {
  private static final Map<String, BinaryOperator<Tensor>> LOSSES =
      Map.ofEntries(
          entry("mse_mean", Functional::mseLoss),
          entry("l1_mean", Functional::l1Loss),
          entry("bce_with_logits_mean", Functional::binaryCrossEntropyWithLogits),
          entry("cross_entropy_mean", Functional::crossEntropy),
          entry("cross_entropy_2d", Functional::crossEntropy),
          entry("cross_entropy_ignore_index", Functional::crossEntropy),
          entry("cross_entropy_probs", Functional::crossEntropy),
          entry("mnist_loss", GoldenLossesTest::mnistLoss),
          // Targets [n] for predictions [n, 1] broadcast to n x n and average to a wrong number.
          entry("mnist_loss_broadcast", GoldenLossesTest::mnistLoss));

  /** Losses and options that are still to come; whoever adds one takes it off. */
  private static final Set<String> NOT_YET =
      Set.of(
          "mse_sum",
          "mse_none",
          "mse_flat",
          "l1_sum",
          "l1_none",
          "l1_flat",
          "smooth_l1",
          "huber",
          "bce_with_logits_sum",
          "bce_with_logits_none",
          "bce_with_logits_weights",
          "bce_with_logits_extreme",
          "bce_with_logits_flat",
          "cross_entropy_mean_smooth",
          "cross_entropy_mean_weight",
          "cross_entropy_mean_weight_smooth",
          "cross_entropy_sum",
          "cross_entropy_sum_smooth",
          "cross_entropy_sum_weight",
          "cross_entropy_sum_weight_smooth",
          "cross_entropy_none",
          "cross_entropy_none_smooth",
          "cross_entropy_none_weight",
          "cross_entropy_none_weight_smooth",
          "cross_entropy_flat_axis1",
          "cross_entropy_flat_3d",
          "nll_mean",
          "nll_sum",
          "nll_none",
          "nll_weight",
          "focal_gamma2.0_mean",
          "focal_gamma2.0_sum",
          "focal_gamma2.0_none",
          "focal_gamma0.5_mean",
          "focal_gamma0.5_sum",
          "focal_gamma0.5_none",
          "focal_weight",
          "focal_flat_axis1",
          "label_smoothing_fastai_mean",
          "label_smoothing_fastai_sum",
          "label_smoothing_fastai_none",
          "label_smoothing_fastai_weight",
          "label_smoothing_fastai_flat",
          "dice_loss",
          "activations_decodes");

  static List<Golden.Case> cases() {
    return Golden.cases("losses").stream().filter(c -> LOSSES.containsKey(shortName(c))).toList();
  }

  @Test
  void hasEveryLossOrListsItAsNotYetThere() {
    Set<String> all =
        Golden.cases("losses").stream()
            .map(GoldenLossesTest::shortName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known = new TreeSet<>(NOT_YET);
    known.addAll(LOSSES.keySet());
    assertThat(all).hasSize(54).isEqualTo(known);
    assertThat(NOT_YET).doesNotContainAnyElementsOf(LOSSES.keySet());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Golden.Case c) {
    Map<String, Tensor> tensors = c.tensors();
    Tensor pred = requireNonNull(tensors.get("in.pred")).requiresGrad_();
    Tensor targ = requireNonNull(tensors.get("in.targ"));
    if (c.outputs().contains("out.grad.targ")) {
      targ.requiresGrad_();
    }
    Tensor loss = requireNonNull(LOSSES.get(shortName(c))).apply(pred, targ);
    loss.backward();
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("out.loss", loss);
    out.put("out.grad.pred", pred.grad());
    if (targ.hasGrad()) {
      out.put("out.grad.targ", targ.grad());
    }
    assertThat(out.keySet()).containsExactlyInAnyOrderElementsOf(c.outputs());
    out.forEach((name, actual) -> c.check(name, actual, requireNonNull(tensors.get(name), name)));
  }

  private static Tensor mnistLoss(Tensor preds, Tensor targets) {
    Tensor p = preds.sigmoid();
    return Tensor.where(targets.eq(1), p.rsub(1), p).mean();
  }

  private static String shortName(Golden.Case c) {
    return c.name().substring(c.name().indexOf('/') + 1);
  }
}
