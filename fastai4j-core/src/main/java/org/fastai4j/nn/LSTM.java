package org.fastai4j.nn;

import java.util.List;
import org.fastai4j.tensor.Tensor;

/**
 * Long short-term memory: {@code i, f, o = σ(...)}, {@code g = tanh(...)}, {@code c = f·c + i·g},
 * {@code h = o·tanh(c)}.
 *
 * <p>Shapes: input {@code [length, n, in]}, output {@code [length, n, hidden · directions]}, state
 * {@code h} and {@code c} of {@code [layers · directions, n, hidden]}. Hochreiter and Schmidhuber,
 * 1997.
 */
public final class LSTM extends Recurrence {
  public LSTM(int in, int hidden) {
    this(in, hidden, RecurrentOptions.DEFAULT);
  }

  /** Draws all weights and biases from {@code U(-1/√hidden, 1/√hidden)}, as PyTorch does. */
  public LSTM(int in, int hidden, RecurrentOptions options) {
    super(in, hidden, 4, options);
  }

  @Override
  List<Tensor> initial(Tensor zeros) {
    return List.of(zeros, zeros);
  }

  @Override
  public Tensor.Recurrent run(Tensor x, List<Tensor> state) {
    check(x);
    return x.lstm(
        state,
        weights,
        options.bias(),
        options.layers(),
        options.dropout(),
        isTraining(),
        options.bidirectional(),
        options.batchFirst());
  }
}
