package org.fastai4j.data;

/**
 * A stream of random numbers that is the same on every machine and in every Java.
 *
 * <p>SplitMix64 (Steele, Lea and Flood, <i>Fast splittable pseudorandom number generators</i>,
 * 2014); exact arithmetic only, so that what is drawn with it can be checked by a digest.
 */
final class Dice {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;
  private static final double SQRT_3 = StrictMath.sqrt(3);

  private long state;

  Dice(long seed) {
    state = mix(seed);
  }

  /** Mixes the bits of {@code z}; a bijection. */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private long next() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** A number from 0 (inclusive) to 1 (exclusive). */
  double uniform() {
    return (next() >>> 11) * UNIT;
  }

  double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  /** A bell curve of mean 0 and standard deviation 1 that never leaves ±3.5: four uniform ones. */
  double bell() {
    return (uniform() + uniform() + uniform() + uniform() - 2) * SQRT_3;
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }

  /** A number from 0 to {@code bound - 1}. */
  int below(int bound) {
    return (int) (uniform() * bound);
  }

  /** An index, each as likely as its weight. */
  int pick(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double left = uniform() * sum;
    int i = 0;
    while (i < weights.length - 1 && left >= weights[i]) {
      left -= weights[i++];
    }
    return i;
  }
}
