package org.fastai4j.data;

import java.util.List;

/**
 * A hand that writes one digit once: its own mixture of a glyph's masters, slant, proportions,
 * bends, tremor and pressure.
 *
 * <p>Everything random is decided here; {@link Ink} turns the result into pixels. Only exact
 * arithmetic, square roots and {@link StrictMath} are used, so that a seed gives the same strokes
 * on every machine.
 */
final class Hand {
  /** How far apart the points of a written stroke are, in heights of the digit. */
  private static final double STEP = 0.025;

  /** How far a mixture may leave its masters: 1 stays between them. */
  private static final double BEYOND = 1.25;

  private final Dice dice;

  /** How far the top leans to the right of the foot. */
  private final double slant;

  /** The width beside the usual one. */
  private final double width;

  /** Turns the whole digit clockwise, in radians. */
  private final double turn;

  /** Bends uprights like a bow. */
  private final double bow;

  /** Makes the foot wider than the head. */
  private final double taper;

  /** Bends horizontals so that both their ends hang. */
  private final double sag;

  /** Moves the middle down, so that the head grows and the foot shrinks. */
  private final double balance;

  /** Tips horizontals down to the right. */
  private final double lean;

  /** How far points stray from where they should be. */
  private final double jitter;

  private Hand(int digit, Dice dice) {
    this.dice = dice;
    slant = (digit == 1 ? 0.22 : 0.12) + 0.23 * dice.bell();
    width = StrictMath.exp(0.02 + 0.2 * dice.bell());
    turn = 0.08 * dice.bell();
    bow = 0.10 * dice.bell();
    taper = 0.16 * dice.bell();
    sag = 0.08 * dice.bell();
    balance = 0.26 * dice.bell();
    lean = 0.12 * dice.bell();
    jitter = 0.02 + 0.03 * dice.uniform();
  }

  /**
   * Writes {@code digit}.
   *
   * @return {@code [stroke][point]} as {@code {x, y, width}}: y grows downwards, the width is a
   *     factor about 1
   */
  static double[][][] write(int digit, Dice dice) {
    return new Hand(digit, dice).strokes(digit);
  }

  private double[][][] strokes(int digit) {
    List<Glyph> ways = Glyphs.of(digit);
    Glyph glyph = ways.get(dice.pick(ways.stream().mapToDouble(Glyph::weight).toArray()));
    double[][][] drawn = mix(glyph.masters());
    double round = dice.uniform();
    double[][][] written = new double[drawn.length][][];
    for (int s = 0; s < drawn.length; s++) {
      stray(drawn[s], s == 0 ? 0 : jitter);
      double[][] line = Curve.evenly(Curve.through(drawn[s]), STEP);
      Curve.smooth(line, (int) (round * round * 12));
      tremble(line);
      for (double[] p : line) {
        bend(p);
      }
      press(line);
      written[s] = line;
    }
    return written;
  }

  /**
   * Misplaces a stroke by about {@code shift}, each of its points by the jitter, its ends by more.
   */
  private void stray(double[][] stroke, double shift) {
    double dx = shift == 0 ? 0 : shift * dice.bell();
    double dy = shift == 0 ? 0 : shift * dice.bell();
    for (double[] p : stroke) {
      p[0] += dx + jitter * dice.bell();
      p[1] += dy + jitter * dice.bell();
    }
    for (double[] end : List.of(stroke[0], stroke[stroke.length - 1])) {
      end[0] += 1.5 * jitter * dice.bell();
      end[1] += 1.5 * jitter * dice.bell();
    }
  }

  /** What the masters span: their mean by random weights, and a bit beyond. */
  private double[][][] mix(List<double[][][]> masters) {
    double[] weights = new double[masters.size()];
    double sum = 0;
    for (int m = 0; m < weights.length; m++) {
      double draw = -StrictMath.log(1 - dice.uniform());
      weights[m] = draw * draw;
      sum += weights[m];
    }
    double[][][] first = masters.get(0);
    double[][][] mixed = new double[first.length][][];
    for (int s = 0; s < mixed.length; s++) {
      mixed[s] = new double[first[s].length][3];
      for (int i = 0; i < mixed[s].length; i++) {
        for (int m = 0; m < weights.length; m++) {
          double even = 1.0 / weights.length;
          double share = even + BEYOND * (weights[m] / sum - even);
          mixed[s][i][0] += share * masters.get(m)[s][i][0];
          mixed[s][i][1] += share * masters.get(m)[s][i][1];
        }
        mixed[s][i][2] = first[s][i][2];
      }
    }
    return mixed;
  }

  /** Adds the slow wavering of a hand along a stroke. */
  private void tremble(double[][] line) {
    for (int wave = 1; wave <= 3; wave++) {
      double size = 0.012 / wave;
      double across = size * dice.bell();
      double down = size * dice.bell();
      double phase = dice.uniform(0, 2 * StrictMath.PI);
      double frequency = wave * dice.uniform(3, 8) * STEP;
      for (int i = 0; i < line.length; i++) {
        double sine = StrictMath.sin(phase + frequency * i);
        line[i][0] += across * sine;
        line[i][1] += down * sine;
      }
    }
  }

  /** Moves a point as this hand's slant, proportions and bends have it. */
  private void bend(double[] p) {
    double y = p[1] - 0.5;
    double x = (p[0] - 0.35) * width;
    double bentX = x * (1 + taper * 2 * y) + 2 * bow * (y * y - 0.1) - slant * y;
    double bentY = y + balance * (0.25 - y * y) + sag * 2 * x * x + lean * x;
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);
    p[0] = cos * bentX - sin * bentY;
    p[1] = sin * bentX + cos * bentY;
  }

  /** Sets how hard the pen is pressed along a stroke, as a factor of its width. */
  private void press(double[][] line) {
    double start = dice.uniform(-0.3, 0.25);
    double end = dice.uniform(-0.35, 0.2);
    double size = 0.1 * dice.bell();
    double phase = dice.uniform(0, 2 * StrictMath.PI);
    double frequency = dice.uniform(2, 7) * STEP;
    double nib = 0.12 * dice.bell();
    for (int i = 0; i < line.length; i++) {
      double t = i / (double) StrictMath.max(1, line.length - 1);
      double early = StrictMath.max(0, 1 - t * 4);
      double late = StrictMath.max(0, 1 - (1 - t) * 4);
      double[] from = line[StrictMath.max(0, i - 1)];
      double[] to = line[StrictMath.min(line.length - 1, i + 1)];
      double dx = to[0] - from[0];
      double dy = to[1] - from[1];
      double diagonal = 2 * dx * dy / (dx * dx + dy * dy + 1e-12);
      double factor =
          1
              + start * early * early
              + end * late * late
              + size * StrictMath.sin(phase + frequency * i)
              + nib * diagonal
              + 0.04 * dice.bell();
      line[i][2] = StrictMath.max(0.45, factor);
    }
  }
}
