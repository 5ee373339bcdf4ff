package org.fastai4j.optim;

/** Annealers one after the other. */
final class Pieces implements Annealer {
  /** How far a sum of parts may be off. */
  private static final double TOLERANCE = 1e-9;

  private final double[] lengths;
  private final double[] starts;
  private final Annealer[] pieces;

  Pieces(double[] lengths, Annealer... pieces) {
    if (lengths.length != pieces.length || lengths.length == 0) {
      throw new IllegalArgumentException(
          "combine: " + lengths.length + " parts for " + pieces.length + " pieces; use as many");
    }
    this.lengths = lengths.clone();
    this.pieces = pieces.clone();
    starts = new double[lengths.length];
    double sum = 0;
    for (int i = 0; i < lengths.length; i++) {
      if (!(lengths[i] >= 0)) {
        throw new IllegalArgumentException("combine: a part of " + lengths[i] + "; use 0 to 1");
      }
      starts[i] = sum;
      sum += lengths[i];
    }
    if (Math.abs(sum - 1) > TOLERANCE) {
      throw new IllegalArgumentException("combine: the parts sum to " + sum + ", not to 1");
    }
  }

  @Override
  public double at(double pct) {
    int i = pieces.length - 1;
    while (i > 0 && pct < starts[i] - TOLERANCE) {
      i--;
    }
    double local = lengths[i] == 0 ? 1 : (pct - starts[i]) / lengths[i];
    return pieces[i].at(Math.min(1, Math.max(0, local)));
  }
}
