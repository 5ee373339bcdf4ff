package org.fastai4j.vision;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.fastai4j.tensor.Tensor;

/**
 * fastai's {@code aug_transforms}: a flip, a turn, a zoom and a perspective, drawn for each image
 * of a training batch and done in one resampling, then brightness and contrast in one pass over the
 * logits.
 *
 * <pre>{@code
 * AugTransforms.standard() // photographs
 * AugTransforms.digits()
 * }</pre>
 *
 * <p>Validation is left as it is, unless {@link #size} asks for another size; fastai resamples it
 * through the identity. Further transforms ({@code xtra_tfms}) stand beside this one in {@link
 * ImageOptions#batchTfms}.
 *
 * @see <a href="https://docs.fast.ai/vision.augment.html#aug_transforms">fastai's
 *     aug_transforms</a>
 */
public final class AugTransforms implements BatchTransform {
  private double mult = 1;
  private boolean doFlip = true;
  private boolean flipVert;
  private double maxRotate = 10;
  private double minZoom = 1;
  private double maxZoom = 1.1;
  private double maxLighting = 0.2;
  private double maxWarp = 0.2;
  private double pAffine = 0.75;
  private double pLighting = 0.75;
  private long[] size = {};
  private String mode = "bilinear";
  private PadMode padMode = PadMode.REFLECTION;
  private boolean alignCorners = true;
  private boolean batch;
  private double minScale = 1;

  private AugTransforms() {}

  /** fastai's defaults. */
  public static AugTransforms standard() {
    return new AugTransforms();
  }

  /**
   * For written digits on black: as people write them, turned by up to 12 degrees, up to 15 %
   * larger or smaller, a little shifted and slanted, but never mirrored.
   */
  public static AugTransforms digits() {
    return standard()
        .doFlip(false)
        .maxRotate(12)
        .minZoom(1 / 1.15)
        .maxZoom(1.15)
        .maxWarp(0.1)
        .maxLighting(0)
        .padMode(PadMode.ZEROS);
  }

  private AugTransforms with(Consumer<AugTransforms> change) {
    AugTransforms a = new AugTransforms();
    a.mult = mult;
    a.doFlip = doFlip;
    a.flipVert = flipVert;
    a.maxRotate = maxRotate;
    a.minZoom = minZoom;
    a.maxZoom = maxZoom;
    a.maxLighting = maxLighting;
    a.maxWarp = maxWarp;
    a.pAffine = pAffine;
    a.pLighting = pLighting;
    a.size = size;
    a.mode = mode;
    a.padMode = padMode;
    a.alignCorners = alignCorners;
    a.batch = batch;
    a.minScale = minScale;
    change.accept(a);
    return a;
  }

  /** Multiplies {@link #maxRotate}, {@link #maxLighting} and {@link #maxWarp}: 1 unless set. */
  public AugTransforms mult(double factor) {
    return with(a -> a.mult = factor);
  }

  /** Whether half of the images are mirrored: yes unless set. */
  public AugTransforms doFlip(boolean wanted) {
    return with(a -> a.doFlip = wanted);
  }

  /** Whether a flip is one of the eight symmetries of a square: no unless set. */
  public AugTransforms flipVert(boolean wanted) {
    return with(a -> a.flipVert = wanted);
  }

  /** The largest turn either way, in degrees: 10 unless set. */
  public AugTransforms maxRotate(double degrees) {
    return with(a -> a.maxRotate = degrees);
  }

  /** The smallest enlargement: 1 unless set. Its center is drawn, so that it shifts as well. */
  public AugTransforms minZoom(double factor) {
    return with(a -> a.minZoom = factor);
  }

  /** The largest enlargement: 1.1 unless set. */
  public AugTransforms maxZoom(double factor) {
    return with(a -> a.maxZoom = factor);
  }

  /** How far brightness and contrast may change: 0.2 unless set. */
  public AugTransforms maxLighting(double share) {
    return with(a -> a.maxLighting = share);
  }

  /** How far the perspective may move a corner, in halves of the image: 0.2 unless set. */
  public AugTransforms maxWarp(double share) {
    return with(a -> a.maxWarp = share);
  }

  /** The probability of each of turn, zoom and both directions of perspective: 0.75 unless set. */
  public AugTransforms pAffine(double p) {
    return with(a -> a.pAffine = p);
  }

  /** The probability of each of brightness and contrast: 0.75 unless set. */
  public AugTransforms pLighting(double p) {
    return with(a -> a.pLighting = p);
  }

  /** The size of the result, in validation too; that of the batch unless set. */
  public AugTransforms size(int size) {
    return size(size, size);
  }

  /** As {@link #size(int)}, for results that are not square. */
  public AugTransforms size(int height, int width) {
    Resize.requireSize("AugTransforms", height, width);
    return with(a -> a.size = new long[] {height, width});
  }

  /** How pixels are read: {@code bilinear} unless set, {@code nearest} or {@code bicubic}. */
  public AugTransforms mode(String mode) {
    return with(a -> a.mode = mode);
  }

  /** What lies outside the image: its reflection unless set. */
  public AugTransforms padMode(PadMode mode) {
    return with(a -> a.padMode = mode);
  }

  /** Whether coordinates of 1 are the centers of the outermost pixels: yes unless set. */
  public AugTransforms alignCorners(boolean wanted) {
    return with(a -> a.alignCorners = wanted);
  }

  /** Whether all images of a batch are changed alike: no unless set. */
  public AugTransforms batch(boolean wanted) {
    return with(a -> a.batch = wanted);
  }

  /**
   * Below 1, a square of at least this share of the image is drawn and becomes the result. It is
   * part of the one resampling and drawn for each image; fastai cuts the whole batch alike.
   */
  public AugTransforms minScale(double share) {
    return with(a -> a.minScale = share);
  }

  @Override
  public Tensor train(Tensor x, RandomGenerator random) {
    int n = (int) x.size(0);
    int draws = batch ? 1 : n;
    double[][] matrices = new double[n][];
    double[] brightness = new double[n];
    double[] contrast = new double[n];
    for (int i = 0; i < n; i++) {
      if (i < draws) {
        matrices[i] = matrix(random, (double) x.size(2), (double) x.size(3));
        brightness[i] =
            Lighting.drawBrightness(coin(random, pLighting), mult * maxLighting, random);
        contrast[i] = Lighting.drawContrast(coin(random, pLighting), mult * maxLighting, random);
      } else {
        matrices[i] = matrices[0];
        brightness[i] = brightness[0];
        contrast[i] = contrast[0];
      }
    }
    Tensor moved = movesPixels() ? resampled(x, matrices) : x;
    return mult * maxLighting > 0 ? Lighting.change(moved, brightness, contrast) : moved;
  }

  @Override
  public Tensor valid(Tensor x) {
    if (size.length == 0 && minScale == 1) {
      return x;
    }
    double[][] matrices = new double[(int) x.size(0)][];
    for (int i = 0; i < matrices.length; i++) {
      matrices[i] =
          minScale == 1
              ? AffineAugment.identity()
              : square(1, 0.5, 0.5, (double) x.size(2), (double) x.size(3));
    }
    return resampled(x, matrices);
  }

  private boolean movesPixels() {
    return doFlip || turns() || zooms() || warps() || minScale != 1 || size.length > 0;
  }

  private boolean turns() {
    return mult * maxRotate > 0;
  }

  private boolean zooms() {
    return minZoom < 1 || maxZoom > 1;
  }

  private boolean warps() {
    return mult * maxWarp > 0;
  }

  private Tensor resampled(Tensor x, double[][] matrices) {
    long height = size.length > 0 ? size[0] : x.size(2);
    long width = size.length > 0 ? size[1] : x.size(3);
    Tensor grid = AffineAugment.grid(matrices, height, width, alignCorners).to(x.device());
    return AffineAugment.sample(x, grid, mode, padMode, alignCorners);
  }

  /** Flip, turn and zoom, then the perspective, then the part. */
  private double[] matrix(RandomGenerator random, double height, double width) {
    double[] m = AffineAugment.identity();
    if (doFlip && coin(random, 0.5)) {
      m = AffineAugment.dihedral(flipVert ? random.nextInt(8) : 1);
    }
    if (turns() && coin(random, pAffine)) {
      double turn = uniform(random, -mult * maxRotate, mult * maxRotate);
      m = AffineAugment.product(m, AffineAugment.rotate(turn));
    }
    if (zooms() && coin(random, pAffine)) {
      double factor = uniform(random, minZoom, maxZoom);
      double[] zoom = AffineAugment.zoom(factor, random.nextDouble(), random.nextDouble());
      m = AffineAugment.product(m, zoom);
    }
    m = minScale == 1 ? AffineAugment.fitted(m, height, width) : m;
    if (warps()) {
      double x = coin(random, pAffine) ? uniform(random, -mult * maxWarp, mult * maxWarp) : 0;
      double y = coin(random, pAffine) ? uniform(random, -mult * maxWarp, mult * maxWarp) : 0;
      m = AffineAugment.product(AffineAugment.warp(x, y), m);
    }
    if (minScale != 1) {
      double share = uniform(random, minScale, 1);
      double[] part = square(share, random.nextDouble(), random.nextDouble(), height, width);
      m = AffineAugment.product(part, m);
    }
    return m;
  }

  /**
   * A square of this share of the area, or the largest there is, at this place in the room left.
   */
  private static double[] square(double share, double x, double y, double height, double width) {
    double side = Math.min(Math.sqrt(share * height * width), Math.min(height, width));
    double across = side / width;
    double down = side / height;
    return new double[] {
      across, 0, (1 - across) * (2 * x - 1), 0, down, (1 - down) * (2 * y - 1), 0, 0, 1
    };
  }

  private static boolean coin(RandomGenerator random, double p) {
    return random.nextDouble() < p;
  }

  private static double uniform(RandomGenerator random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  @Override
  public int order() {
    return 30;
  }
}
