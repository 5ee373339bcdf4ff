package org.fastai4j.nn;

import java.util.List;
import org.fastai4j.tensor.Tensor;

/**
 * Gated recurrent units: {@code r, z = σ(...)}, {@code n = tanh(W x + r·(U h))}, {@code h = (1 -
 * z)·n + z·h}.
 *
 * <p>Shapes: input {@code [length, n, in]}, output {@code [length, n, hidden · directions]}, state
 * {@code h} of {@code [layers · directions, n, hidden]}. Cho et al., 2014.
 */
public final class GRU extends Recurrence {
  public GRU(int in, int hidden) {
    this(in, hidden, RecurrentOptions.DEFAULT);
  }

  /** Draws all weights and biases from {@code U(-1/√hidden, 1/√hidden)}, as PyTorch does. */
  public GRU(int in, int hidden, RecurrentOptions options) {
    super(in, hidden, 3, options);
  }

  @Override
  List<Tensor> initial(Tensor zeros) {
    return List.of(zeros);
  }

  @Override
  public Tensor.Recurrent run(Tensor x, List<Tensor> state) {
    check(x);
    return x.gru(
        state.get(0),
        weights,
        options.bias(),
        options.layers(),
        options.dropout(),
        isTraining(),
        options.bidirectional(),
        options.batchFirst());
  }
}
