package org.fastai4j.golden;

import static java.util.Objects.requireNonNull;

import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Map;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.DiceLoss;
import org.fastai4j.nn.FocalLoss;
import org.fastai4j.nn.HuberLoss;
import org.fastai4j.nn.L1Loss;
import org.fastai4j.nn.LabelSmoothingCrossEntropy;
import org.fastai4j.nn.Loss;
import org.fastai4j.nn.MSELoss;
import org.fastai4j.tensor.Reduction;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;

/** What each {@code loss} of the golden cases is in this library's terms. */
final class LossTable {
  private LossTable() {}

  /** The loss of a case; of each element where the case reduces nothing. */
  static Tensor loss(Golden.Case c, Map<String, Tensor> t) {
    String name = c.params().get("loss").getAsString();
    JsonObject args = c.params().getAsJsonObject("args");
    Tensor pred = requireNonNull(t.get("in.pred"));
    Tensor targ = requireNonNull(t.get("in.targ"));
    Reduction reduction =
        Reduction.valueOf(
            (args.has("reduction") ? args.get("reduction").getAsString() : "mean")
                .toUpperCase(Locale.ROOT));
    boolean weighted = args.has("weight") && !args.get("weight").isJsonNull();
    Tensor weight = weighted ? requireNonNull(t.get("in.weight")) : Tensor.ones(1);
    int axis = args.has("axis") ? args.get("axis").getAsInt() : -1;
    return switch (name) {
      case "mnist_loss" -> mnistLoss(pred, targ);
      case "nll_loss" ->
          weighted
              ? pred.nllLoss(targ, reduction, -100, weight)
              : pred.nllLoss(targ, reduction, -100);
      case "smooth_l1_loss" -> pred.smoothL1Loss(targ, reduction, number(args, "beta", 1));
      case "huber_loss" -> new HuberLoss(number(args, "delta", 1)).apply(pred, targ);
      case "mse_loss", "MSELossFlat" ->
          reduction == Reduction.NONE
              ? pred.mseLoss(targ, reduction)
              : new MSELoss().withReduction(reduction).apply(pred, targ);
      case "l1_loss", "L1LossFlat" ->
          reduction == Reduction.NONE
              ? pred.l1Loss(targ, reduction)
              : new L1Loss().withReduction(reduction).apply(pred, targ);
      case "binary_cross_entropy_with_logits", "BCEWithLogitsLossFlat" -> {
        BCEWithLogitsLoss loss = new BCEWithLogitsLoss().withReduction(reduction);
        loss = weighted ? loss.withWeight(weight) : loss;
        loss =
            args.has("pos_weight")
                ? loss.withPosWeight(requireNonNull(t.get("in.pos_weight")))
                : loss;
        yield loss.apply(pred, targ);
      }
      case "cross_entropy", "CrossEntropyLossFlat" -> {
        CrossEntropyLoss loss =
            new CrossEntropyLoss()
                .withLabelSmoothing(number(args, "label_smoothing", 0))
                .withReduction(reduction)
                .withAxis(name.equals("cross_entropy") ? 1 : axis);
        yield reduced(weighted ? loss.withWeight(weight) : loss, reduction, pred, targ);
      }
      case "FocalLoss", "FocalLossFlat" -> {
        FocalLoss loss =
            new FocalLoss(number(args, "gamma", 2)).withReduction(reduction).withAxis(axis);
        yield reduced(weighted ? loss.withWeight(weight) : loss, reduction, pred, targ);
      }
      case "LabelSmoothingCrossEntropy", "LabelSmoothingCrossEntropyFlat" -> {
        LabelSmoothingCrossEntropy loss =
            new LabelSmoothingCrossEntropy(number(args, "eps", 0.1)).withReduction(reduction);
        yield reduced(weighted ? loss.withWeight(weight) : loss, reduction, pred, targ);
      }
      case "DiceLoss" -> new DiceLoss().withReduction(reduction).apply(pred, targ);
      default -> throw new AssertionError("no loss is called " + name);
    };
  }

  private static Tensor reduced(Loss loss, Reduction reduction, Tensor pred, Tensor targ) {
    return reduction == Reduction.NONE ? loss.perItem(pred, targ) : loss.apply(pred, targ);
  }

  private static double number(JsonObject args, String name, double otherwise) {
    return args.has(name) ? args.get(name).getAsDouble() : otherwise;
  }

  private static Tensor mnistLoss(Tensor preds, Tensor targets) {
    Tensor p = preds.sigmoid();
    return Tensor.where(targets.eq(1), p.rsub(1), p).mean();
  }
}
