package org.fastai4j.optim;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/**
 * How hyper-parameters change in the course of a fit: for each name, an {@link Annealer} for each
 * parameter group.
 */
@FunctionalInterface
public interface Schedule {
  /** The annealers of {@code k} groups by name, such as {@code lr} and {@code mom}. */
  Map<String, List<Annealer>> forGroups(int k);

  /** The same learning rate all along. */
  static Schedule constant(LearningRate lr) {
    return k -> Map.of("lr", annealers(lr, k, Annealer::no));
  }

  /** One cycle as fastai has it by default: see the other {@code oneCycle}. */
  static Schedule oneCycle(LearningRate lrMax) {
    return oneCycle(lrMax, 25, 1e5, 0.25, 0.95, 0.85, 0.95);
  }

  /**
   * The learning rate rises from {@code lrMax / div} for the part {@code pctStart}, then falls to
   * {@code lrMax / divFinal}, both by cosines; momentum does the opposite. Smith and Topin, 2017.
   *
   * @param moms momentum at the start, where the rate is highest, and at the end
   */
  static Schedule oneCycle(
      LearningRate lrMax, double div, double divFinal, double pctStart, double... moms) {
    if (moms.length != 3) {
      throw new IllegalArgumentException("oneCycle: " + moms.length + " momenta; use three");
    }
    Annealer mom = Annealer.combinedCos(pctStart, moms[0], moms[1], moms[2]);
    return k ->
        Map.of(
            "lr",
            annealers(lrMax, k, lr -> Annealer.combinedCos(pctStart, lr / div, lr, lr / divFinal)),
            "mom",
            annealers(LearningRate.of(0), k, any -> mom));
  }

  /**
   * Flat for three quarters, then down to a hundred-thousandth by a cosine, as fastai's default.
   */
  static Schedule flatCos(LearningRate lr) {
    return flatCos(lr, 1e5, 0.75);
  }

  /** {@code lr} for the part {@code pctStart}, then down to {@code lr / divFinal} by a cosine. */
  static Schedule flatCos(LearningRate lr, double divFinal, double pctStart) {
    return k ->
        Map.of("lr", annealers(lr, k, x -> Annealer.combinedCos(pctStart, x, x, x / divFinal)));
  }

  /**
   * Warm restarts: cosines from {@code lrMax} to 0, the first {@code cycleLen} epochs long, each
   * {@code cycleMult} times as long as the one before. Loshchilov and Hutter, 2016.
   */
  static Schedule sgdr(LearningRate lrMax, int cycles, int cycleLen, int cycleMult) {
    double[] pcts = new double[cycles];
    double epochs = sgdrEpochs(cycles, cycleLen, cycleMult);
    for (int i = 0; i < cycles; i++) {
      pcts[i] = cycleLen * Math.pow(cycleMult, i) / epochs;
    }
    return k ->
        Map.of(
            "lr",
            annealers(
                lrMax,
                k,
                lr -> {
                  Annealer[] pieces = new Annealer[cycles];
                  Arrays.fill(pieces, Annealer.cos(lr, 0));
                  return Annealer.combine(pcts, pieces);
                }));
  }

  /** How many epochs the cycles of {@link #sgdr} take together: 3 cycles of 2 doubled take 14. */
  static int sgdrEpochs(int cycles, int cycleLen, int cycleMult) {
    if (cycles < 1 || cycleLen < 1 || cycleMult < 1) {
      throw new IllegalArgumentException(
          "sgdr: "
              + cycles
              + " cycles of "
              + cycleLen
              + ", times "
              + cycleMult
              + "; use 1 or more");
    }
    int epochs = 0;
    int length = cycleLen;
    for (int i = 0; i < cycles; i++) {
      epochs = Math.addExact(epochs, length);
      length = Math.multiplyExact(length, cycleMult);
    }
    return epochs;
  }

  private static List<Annealer> annealers(LearningRate lr, int k, DoubleFunction<Annealer> f) {
    return Arrays.stream(lr.forGroups(k)).mapToObj(f).toList();
  }
}
