package org.fastai4j.nn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LSTM and GRU against their equations, written out step by step. */
class RecurrentTest {
  private static final int HIDDEN = 4;

  /** One step: the new state of what it is given. */
  private interface Cell {
    Tensor[] step(Tensor x, Tensor[] state, Map<String, Tensor> w, String suffix);
  }

  @BeforeEach
  void seed() {
    Torch.manualSeed(7);
  }

  private static Tensor gates(Tensor x, Map<String, Tensor> w, String which, String suffix) {
    return x.linear(
        requireNonNull(w.get("weight_" + which + suffix)),
        requireNonNull(w.get("bias_" + which + suffix)));
  }

  private static Tensor[] lstm(Tensor x, Tensor[] state, Map<String, Tensor> w, String suffix) {
    List<Tensor> g = gates(x, w, "ih", suffix).add(gates(state[0], w, "hh", suffix)).chunk(4, 1);
    Tensor c = g.get(1).sigmoid().mul(state[1]).add(g.get(0).sigmoid().mul(g.get(2).tanh()));
    return new Tensor[] {g.get(3).sigmoid().mul(c.tanh()), c};
  }

  private static Tensor[] gru(Tensor x, Tensor[] state, Map<String, Tensor> w, String suffix) {
    List<Tensor> a = gates(x, w, "ih", suffix).chunk(3, 1);
    List<Tensor> b = gates(state[0], w, "hh", suffix).chunk(3, 1);
    Tensor r = a.get(0).add(b.get(0)).sigmoid();
    Tensor z = a.get(1).add(b.get(1)).sigmoid();
    Tensor n = a.get(2).add(r.mul(b.get(2))).tanh();
    return new Tensor[] {z.rsub(1).mul(n).add(z.mul(state[0]))};
  }

  /** The output {@code [length, n, hidden · directions]} of layers upon each other. */
  private static Tensor byHand(
      Tensor x, Map<String, Tensor> w, int layers, int directions, Cell c) {
    Tensor in = x;
    for (int layer = 0; layer < layers; layer++) {
      List<Tensor> both = new ArrayList<>();
      for (int d = 0; d < directions; d++) {
        Tensor zeros = Tensor.zeros(x.size(1), HIDDEN);
        Tensor[] state = {zeros, zeros};
        List<Tensor> steps = new ArrayList<>(in.unbind(0));
        if (d == 1) {
          Collections.reverse(steps);
        }
        List<Tensor> outputs = new ArrayList<>();
        for (Tensor step : steps) {
          state = c.step(step, state, w, "_l" + layer + (d == 1 ? "_reverse" : ""));
          outputs.add(state[0]);
        }
        if (d == 1) {
          Collections.reverse(outputs);
        }
        both.add(Tensor.stack(outputs));
      }
      in = Tensor.cat(both, 2);
    }
    return in;
  }

  @Test
  void followsItsEquations() {
    Tensor x = Tensor.randn(5, 2, 3);
    LSTM lstm = new LSTM(3, HIDDEN);
    GRU gru = new GRU(3, HIDDEN);
    TensorAssert.assertThat(lstm.forward(x))
        .hasShape(5, 2, HIDDEN)
        .isCloseTo(byHand(x, lstm.stateDict(), 1, 1, RecurrentTest::lstm), 1e-5, 1e-6);
    TensorAssert.assertThat(gru.forward(x))
        .isCloseTo(byHand(x, gru.stateDict(), 1, 1, RecurrentTest::gru), 1e-5, 1e-6);
  }

  @Test
  void stacksLayersThatReadBothWays() {
    RecurrentOptions options =
        RecurrentOptions.DEFAULT.withLayers(2).withBidirectional().withBatchFirst();
    Tensor x = Tensor.randn(2, 5, 3);
    LSTM lstm = new LSTM(3, HIDDEN, options);
    GRU gru = new GRU(3, HIDDEN, options);
    Tensor first = x.transpose(0, 1);
    TensorAssert.assertThat(lstm.forward(x))
        .hasShape(2, 5, 2 * HIDDEN)
        .isCloseTo(
            byHand(first, lstm.stateDict(), 2, 2, RecurrentTest::lstm).transpose(0, 1), 1e-5, 1e-6);
    TensorAssert.assertThat(gru.forward(x))
        .isCloseTo(
            byHand(first, gru.stateDict(), 2, 2, RecurrentTest::gru).transpose(0, 1), 1e-5, 1e-6);
  }

  @Test
  void goesOnFromAState() {
    Tensor x = Tensor.randn(6, 1, 3);
    for (Recurrence layer : List.of(new LSTM(3, HIDDEN), new GRU(3, HIDDEN))) {
      Tensor.Recurrent whole = layer.run(x);
      Tensor.Recurrent half = layer.run(x.narrow(0, 0, 3));
      Tensor.Recurrent rest = layer.run(x.narrow(0, 3, 3), half.state());
      TensorAssert.assertThat(rest.output()).isCloseTo(whole.output().narrow(0, 3, 3), 1e-5, 1e-6);
      TensorAssert.assertThat(rest.state().get(0)).isCloseTo(whole.state().get(0), 1e-5, 1e-6);
    }
  }

  @Test
  void namesItsWeightsAsPyTorchAndDecaysNoBias() {
    LSTM lstm = new LSTM(3, HIDDEN, RecurrentOptions.DEFAULT.withBidirectional());
    assertThat(lstm.namedParameters().keySet())
        .containsExactly(
            "weight_ih_l0",
            "weight_hh_l0",
            "bias_ih_l0",
            "bias_hh_l0",
            "weight_ih_l0_reverse",
            "weight_hh_l0_reverse",
            "bias_ih_l0_reverse",
            "bias_hh_l0_reverse");
    TensorAssert.assertThat(requireNonNull(lstm.stateDict().get("weight_ih_l0"))).hasShape(16, 3);
    assertThat(lstm.undecayed()).hasSize(4).allMatch(t -> t.dim() == 1);
    assertThat(new GRU(3, HIDDEN, RecurrentOptions.DEFAULT.withoutBias()).parameters()).hasSize(2);
    assertThat(lstm).hasToString("LSTM(in=3, hidden=4, bidirectional=true)");
  }

  @Test
  void learnsAndDropsBetweenLayersInTrainingOnly() {
    LSTM lstm = new LSTM(3, HIDDEN, RecurrentOptions.DEFAULT.withLayers(2).withDropout(0.5));
    Tensor x = Tensor.randn(5, 2, 3);
    assertThat(lstm.forward(x).equal(lstm.forward(x))).isFalse();
    lstm.forward(x).sum().backward();
    assertThat(lstm.parameters()).allMatch(Tensor::hasGrad);
    lstm.eval();
    assertThat(lstm.forward(x).equal(lstm.forward(x))).isTrue();
  }

  @Test
  void namesBothShapesWhereTheInputDoesNotFit() {
    assertThatThrownBy(() -> new GRU(3, HIDDEN).forward(Tensor.ones(5, 2, 4)))
        .isInstanceOf(TensorException.class)
        .hasMessage("GRU(in=3, hidden=4): wants [length, n, 3]; it was given [5, 2, 4]");
  }
}
