package org.fastai4j.vision;

import java.util.random.RandomGenerator;
import org.fastai4j.data.DataException;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * Channels shifted and scaled, {@code (x - mean) / std}, in training and validation alike.
 *
 * @see <a href="https://docs.fast.ai/data.transforms.html#normalize">fastai's Normalize</a>
 */
public final class Normalize implements BatchTransform {
  /** With the statistics of ImageNet, three channels. */
  public static final Normalize IMAGENET =
      fromStats(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});

  /** With the statistics of CIFAR, three channels. */
  public static final Normalize CIFAR =
      fromStats(new double[] {0.491, 0.482, 0.447}, new double[] {0.247, 0.243, 0.261});

  /** With the statistics of MNIST, one channel. */
  public static final Normalize MNIST = fromStats(new double[] {0.131}, new double[] {0.308});

  private final double[] mean;
  private final double[] std;

  private Normalize(double[] mean, double[] std) {
    this.mean = mean;
    this.std = std;
  }

  /** With a mean and a standard deviation for each channel, of values in 0..1. */
  public static Normalize fromStats(double[] mean, double[] std) {
    if (mean.length != std.length || mean.length == 0) {
      throw new DataException("normalize: needs a mean and a standard deviation for each channel");
    }
    return new Normalize(mean.clone(), std.clone());
  }

  /**
   * With the statistics of this batch {@code [n, c, h, w]}, as fastai's {@code Normalize()}: means
   * and unbiased standard deviations over all but the channels, plus 1e-7.
   *
   * <pre>{@code
   * Tensor x = ImageDataLoaders.fromFolder(path).train().oneBatch().x();
   * var dls = ImageDataLoaders.fromFolder(path, o -> o.batchTfms(Normalize.fromBatch(x)));
   * }</pre>
   */
  public static Normalize fromBatch(Tensor x) {
    double[][] stats =
        Scope.compute(
            () ->
                new double[][] {
                  x.mean(0, 2, 3).toDoubleArray(), x.std(0, 2, 3).add(1e-7).toDoubleArray()
                });
    return new Normalize(stats[0], stats[1]);
  }

  @Override
  public Tensor train(Tensor x, RandomGenerator random) {
    return valid(x);
  }

  @Override
  public Tensor valid(Tensor x) {
    return scaled(x, 1);
  }

  /** Changes {@code x}, which holds values in 0..{@code full}, in place. */
  Tensor scaled(Tensor x, double full) {
    if (mean.length != x.size(1)) {
      throw new DataException(
          "normalize: statistics of %d channels for images of %d"
              .formatted(mean.length, x.size(1)));
    }
    double[] scale = new double[mean.length];
    double[] shift = new double[mean.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = 1 / (full * std[c]);
      shift[c] = -mean[c] / std[c];
    }
    return x.mul_(perChannel(scale).to(x.device())).add_(perChannel(shift).to(x.device()));
  }

  /** Back to 0..1: {@code x std + mean}. */
  public Tensor decode(Tensor x) {
    return x.mul(perChannel(std)).add(perChannel(mean));
  }

  private static Tensor perChannel(double[] values) {
    return Tensor.of(values, values.length, 1, 1).toFloat();
  }

  @Override
  public int order() {
    return 99;
  }
}
