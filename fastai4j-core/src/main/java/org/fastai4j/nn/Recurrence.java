package org.fastai4j.nn;

import java.util.ArrayList;
import java.util.List;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/** What LSTM and GRU share: weights named as PyTorch's, and a state that begins at zero. */
abstract class Recurrence extends Module {
  private final int in;
  private final int hidden;
  final RecurrentOptions options;
  final List<Tensor> weights = new ArrayList<>();

  Recurrence(int in, int hidden, int gates, RecurrentOptions options) {
    this.in = in;
    this.hidden = hidden;
    this.options = options;
    double bound = 1 / Math.sqrt(hidden);
    int directions = options.bidirectional() ? 2 : 1;
    for (int layer = 0; layer < options.layers(); layer++) {
      for (int d = 0; d < directions; d++) {
        String suffix = "_l" + layer + (d == 0 ? "" : "_reverse");
        long from = layer == 0 ? in : (long) hidden * directions;
        long rows = (long) gates * hidden;
        draw("weight_ih" + suffix, bound, rows, from);
        draw("weight_hh" + suffix, bound, rows, hidden);
        if (options.bias()) {
          draw("bias_ih" + suffix, bound, rows);
          draw("bias_hh" + suffix, bound, rows);
        }
      }
    }
  }

  private void draw(String name, double bound, long... shape) {
    weights.add(parameter(name, Tensor.uniform(-bound, bound, shape)));
  }

  /** Every step's output, {@code [length, n, hidden · directions]}. */
  @Override
  public final Tensor forward(Tensor x) {
    return run(x).output();
  }

  /** Every step's output and the state after the last, from a state of zeros. */
  public final Tensor.Recurrent run(Tensor x) {
    check(x);
    long directions = options.bidirectional() ? 2 : 1;
    Tensor zeros =
        Tensor.zeros(
                DType.FLOAT32,
                options.layers() * directions,
                x.size(options.batchFirst() ? 0 : 1),
                hidden)
            .to(x.device())
            .to(x.dtype());
    return run(x, initial(zeros));
  }

  abstract List<Tensor> initial(Tensor zeros);

  /**
   * Every step's output and the state after the last, from the state that an earlier call gave;
   * {@code detach()} its tensors to learn from this sequence alone.
   */
  public abstract Tensor.Recurrent run(Tensor x, List<Tensor> state);

  final void check(Tensor x) {
    if (x.dim() != 3 || x.size(2) != in) {
      throw new TensorException(
          this
              + ": wants "
              + (options.batchFirst() ? "[n, length, " : "[length, n, ")
              + in
              + "]; it was given "
              + x.shape());
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName()
        + "(in="
        + in
        + ", hidden="
        + hidden
        + (options.layers() == 1 ? "" : ", layers=" + options.layers())
        + (options.bidirectional() ? ", bidirectional=true" : "")
        + (options.batchFirst() ? ", batchFirst=true" : "")
        + (options.dropout() == 0 ? "" : ", dropout=" + options.dropout())
        + (options.bias() ? ")" : ", bias=false)");
  }
}
