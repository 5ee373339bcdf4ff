package org.fastai4j.vision;

import java.util.List;
import java.util.random.RandomGenerator;
import org.fastai4j.tensor.Tensor;

/**
 * In training, colors turned around the circle of hues, each image with probability {@code p}.
 *
 * @param maxHue how far, as a share of the circle, 0.1 unless set
 */
public record Hue(double maxHue, double p) implements BatchTransform {
  /** fastai's defaults. */
  public Hue() {
    this(0.1, 0.75);
  }

  @Override
  public Tensor train(Tensor x, RandomGenerator random) {
    double[] turn = new double[(int) x.size(0)];
    for (int i = 0; i < turn.length; i++) {
      turn[i] = Lighting.drawContrast(random.nextDouble() < p, maxHue, random) - 1;
    }
    return turned(x, turn);
  }

  /** The images with these shares of the circle added to the hue of their HSV. */
  static Tensor turned(Tensor x, double[] turn) {
    Tensor red = x.select(1, 0);
    Tensor green = x.select(1, 1);
    Tensor blue = x.select(1, 2);
    Tensor value = x.amax(1);
    Tensor chroma = value.sub(x.amin(1));
    Tensor some = chroma.clampMin(1e-12);
    Tensor fromBlue = red.sub(green).div(some).add(4);
    Tensor fromGreen = blue.sub(red).div(some).add(2);
    Tensor fromRed = green.sub(blue).div(some);
    Tensor sixths =
        Tensor.where(value.eq(red), fromRed, Tensor.where(value.eq(green), fromGreen, fromBlue));
    Tensor hue = sixths.add(Tensor.of(turn, turn.length, 1, 1).toFloat().to(x.device()).mul(6));
    return Tensor.stack(
        List.of(
            channel(hue, 5, value, chroma),
            channel(hue, 3, value, chroma),
            channel(hue, 1, value, chroma)),
        1);
  }

  /** {@code v - c max(0, min(k, 4 - k, 1))} with {@code k = (n + hue) mod 6}. */
  private static Tensor channel(Tensor hue, int n, Tensor value, Tensor chroma) {
    Tensor k = hue.add(n).remainder(6);
    return value.sub(chroma.mul(k.minimum(k.rsub(4)).clamp(0, 1)));
  }

  @Override
  public int order() {
    return 40;
  }
}
