package org.fastai4j.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Handwriting-like digits, drawn rather than collected: data for a machine that has no other.
 *
 * <p>The images look like MNIST's (28 by 28, ink in a box of 20, centered by its mass) and come in
 * MNIST's folders and numbers. They depend on nothing but a seed: every machine draws the same
 * ones.
 */
public final class DrawnDigits {
  /** The width and height of an image. */
  public static final int SIDE = Ink.SIDE;

  /** The pen's usual width in pixels for each digit, measured on MNIST. */
  private static final double[] THICKNESS = {2.65, 2.5, 2.4, 2.35, 2.3, 2.25, 2.4, 2.45, 2.2, 2.2};

  private static final double THICKNESS_SPREAD = 0.27;

  private static final DigitFolders.Part TRAINING =
      new DigitFolders.Part(
          "training", 1, 5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
  private static final DigitFolders.Part TESTING =
      new DigitFolders.Part("testing", 2, 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);

  private DrawnDigits() {}

  /** Hears of images as they are written, on the thread that asked for them. */
  @FunctionalInterface
  public interface Progress {
    void images(long done, long total);
  }

  /**
   * Draws one image of {@code digit} (0 to 9).
   *
   * @return {@link #SIDE}² bytes, rows from the top, 0 for paper to 255 for ink
   */
  public static byte[] draw(int digit, long seed) {
    if (digit < 0 || digit > 9) {
      throw new IllegalArgumentException("a digit is 0 to 9, not " + digit);
    }
    Dice dice = new Dice(Dice.mix(seed) + digit);
    double[][][] strokes = Hand.write(digit, dice);
    double thickness = THICKNESS[digit] * StrictMath.exp(THICKNESS_SPREAD * dice.bell());
    return Ink.render(strokes, thickness, dice.uniform(0.4, 1.1));
  }

  /**
   * Writes the ten digits into the new folder {@code target}, as MNIST's are laid out: 60,000
   * images under {@code training/0} to {@code training/9} and 10,000 under {@code testing}.
   *
   * @throws DataException if the folder exists or cannot be written; nothing is left of it then
   */
  public static void write(Path target, Progress progress) {
    DigitFolders.write(target, List.of(TRAINING, TESTING), progress);
  }

  /**
   * Writes the 3s and the 7s of the same digits into the new folder {@code target}, as fastai's
   * MNIST_SAMPLE is laid out: {@code train} and {@code valid}, and {@code labels.csv} where a 3 has
   * the label 0 and a 7 has the label 1.
   *
   * @throws DataException if the folder exists or cannot be written; nothing is left of it then
   */
  public static void writeSample(Path target, Progress progress) {
    DigitFolders.writeLabeled(
        target,
        List.of(TRAINING.only("train", 3, 7), TESTING.only("valid", 3, 7)),
        Map.of(3, "0", 7, "1"),
        progress);
  }
}
