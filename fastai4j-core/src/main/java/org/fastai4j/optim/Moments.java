package org.fastai4j.optim;

import java.util.List;
import org.fastai4j.tensor.TensorList;

/** Running means of gradients and of their squares, as Adam and those after it keep them. */
final class Moments {
  static final List<String> NAMES = List.of("grad_avg", "sqr_avg");

  private final ParamBatch batch;
  private final TensorList averages;
  private final TensorList squares;
  private final double mom;
  private final double sqrMom;

  Moments(ParamBatch batch) {
    this.batch = batch;
    averages = batch.state("grad_avg");
    squares = batch.state("sqr_avg");
    mom = batch.hyper("mom");
    sqrMom = batch.hyper("sqr_mom");
  }

  /** {@code G = m·G + (1-m)·g; S = v·S + (1-v)·g²}. */
  void accumulate() {
    TensorList g = batch.gradients();
    averages.mul_(mom).add_(g, 1 - mom);
    squares.mul_(sqrMom).addcmul_(g, g, 1 - sqrMom);
  }

  TensorList averages() {
    return averages;
  }

  TensorList squares() {
    return squares;
  }

  /** {@code 1 - m^t}. */
  double debias() {
    return 1 - Math.pow(mom, (double) batch.step());
  }

  /** {@code 1 - v^t}. */
  double sqrDebias() {
    return 1 - Math.pow(sqrMom, (double) batch.step());
  }

  /** {@code √(S / (1 - v^t))}. */
  TensorList rms() {
    return rms(squares);
  }

  /** {@code √(s / (1 - v^t))}. */
  TensorList rms(TensorList s) {
    return s.mul(1 / sqrDebias()).sqrt();
  }
}
