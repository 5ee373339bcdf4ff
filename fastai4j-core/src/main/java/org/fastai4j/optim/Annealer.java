package org.fastai4j.optim;

/**
 * A hyper-parameter as a function of how far training has come, from 0 to 1; fastai's {@code
 * SchedCos} and its kin.
 */
@FunctionalInterface
public interface Annealer {
  /** The value when the part {@code pct} of training is done. */
  double at(double pct);

  /** A straight line. */
  static Annealer lin(double start, double end) {
    return p -> start + p * (end - start);
  }

  /** Half a wave of the cosine: flat at both ends. */
  static Annealer cos(double start, double end) {
    return p -> start + (1 + Math.cos(Math.PI * (1 - p))) * (end - start) / 2;
  }

  /** Multiplied evenly; both values must be above zero. */
  static Annealer exp(double start, double end) {
    return p -> start * Math.pow(end / start, p);
  }

  /** Always {@code value}. */
  static Annealer no(double value) {
    return p -> value;
  }

  /** {@code start + (end - start) · p^power}. */
  static Annealer poly(double start, double end, double power) {
    return p -> start + (end - start) * Math.pow(p, power);
  }

  /**
   * Up, or down, and back: cosines from {@code start} to {@code middle} at {@code pct} to {@code
   * end}.
   */
  static Annealer combinedCos(double pct, double start, double middle, double end) {
    return combine(new double[] {pct, 1 - pct}, cos(start, middle), cos(middle, end));
  }

  /**
   * One piece after the other, each stretched over its part of the whole.
   *
   * @param pcts the parts, which sum to 1 within 1e-9; fastai wants a sum of exactly 1, which .6,
   *     .3, .1 do not have
   * @throws IllegalArgumentException if they do not, or are not as many as the pieces
   */
  static Annealer combine(double[] pcts, Annealer... pieces) {
    return new Pieces(pcts, pieces);
  }
}
