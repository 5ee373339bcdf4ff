package org.fastai4j.callback;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.CancelException;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;
import org.fastai4j.nn.Layer;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorList;
import org.fastai4j.tensor.Torch;

/**
 * Computes the model's products and convolutions in half precision; weights, gradients and the loss
 * stay in float32. fastai's {@code MixedPrecision}. Micikevicius et al., 2017.
 *
 * <p>{@link #bf16} has the range of float32 and needs nothing else; it is right for CPUs and newer
 * GPUs. {@link #fp16} is finer, but small gradients vanish in it: the loss is scaled up before the
 * backward pass and the gradients are scaled down after it. A step whose gradients overflow is
 * skipped and the scale is halved; after 2000 good ones it is doubled. {@code Learner.predict},
 * which passes no events, computes in float32.
 */
public final class MixedPrecision implements Callback {
  private static final double FIRST_SCALE = 65536;
  private static final int GROW_AFTER = 2000;

  private final DType dtype;
  private final boolean scaled;
  private double scale;
  private int good;

  private MixedPrecision(DType dtype) {
    this.dtype = dtype;
    scaled = dtype == DType.FLOAT16;
    scale = scaled ? FIRST_SCALE : 1;
  }

  /** Half precision by bfloat16, eight bits of range and seven of fraction. */
  public static MixedPrecision bf16() {
    return new MixedPrecision(DType.BFLOAT16);
  }

  /** Half precision by float16, five bits of range and ten of fraction, with a scaled loss. */
  public static MixedPrecision fp16() {
    return new MixedPrecision(DType.FLOAT16);
  }

  /** What the loss is multiplied by at present; 1 with bfloat16. */
  public double scale() {
    return scale;
  }

  @Override
  public int order() {
    return 10; // before gradients are clipped
  }

  @Override
  public void beforeFit(Learner learn) {
    if (scaled && learn.run() != Run.EVALUATE) {
      scale = FIRST_SCALE;
      good = 0;
    }
  }

  /** The model's output in float32. */
  @Override
  public Tensor forward(Layer model, Tensor x) {
    Tensor y = Torch.withAutocast(x.device(), dtype, () -> model.call(x));
    return y.dtype() == dtype ? y.toFloat() : y;
  }

  @Override
  public void beforeBackward(Learner learn) {
    if (scaled) {
      learn.setLossTensor(learn.lossTensor().mul(scale));
    }
  }

  @Override
  public void beforeStep(Learner learn) {
    if (scaled && !Autograd.noGrad(() -> Scope.compute(() -> unscale(learn)))) {
      scale /= 2;
      good = -1; // afterStep comes all the same
      throw new CancelException.Step();
    }
  }

  @Override
  public void afterStep(Learner learn) {
    if (scaled && ++good == GROW_AFTER) {
      scale *= 2;
      good = 0;
    }
  }

  /** Divides the gradients by the scale; false if one of them has no finite norm. */
  private boolean unscale(Learner learn) {
    List<Tensor> gradients = new ArrayList<>();
    learn.optimizer().parameters().forEach(p -> p.gradIfAny().ifPresent(gradients::add));
    for (double norm : TensorList.of(gradients).mul_(1 / scale).norms()) {
      if (!Double.isFinite(norm)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Map<String, Object> state() {
    return scaled ? Map.of("scale", scale, "good", good) : Map.of();
  }

  @Override
  public void loadState(Map<String, Object> state) {
    scale = ((Number) state.getOrDefault("scale", scale)).doubleValue();
    good = ((Number) state.getOrDefault("good", good)).intValue();
  }
}
