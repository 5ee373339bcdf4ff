package org.fastai4j.data;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The data sets known by name: fastai's, with the sizes and digests of its table, and our own. */
public final class URLs {
  private static final String SAMPLES = "https://s3.amazonaws.com/fast-ai-sample/";
  private static final String IMAGES = "https://s3.amazonaws.com/fast-ai-imageclas/";

  /** The 3s and 7s of MNIST, {@code train} and {@code valid}: 12,396 + 2,038 images of 28×28. */
  public static final DataSource.Download MNIST_SAMPLE =
      download(SAMPLES + "mnist_sample.tgz", 3_214_948, "2dbc7ec6f9259b583af0072c55816a88");

  /** A few hundred 3s and 7s of MNIST. */
  public static final DataSource.Download MNIST_TINY =
      download(SAMPLES + "mnist_tiny.tgz", 342_207, "56143e8f24db90d925d82a5a74141875");

  /** The ten digits of MNIST, {@code training} and {@code testing}: 60,000 + 10,000 images. */
  public static final DataSource.Download MNIST =
      download(IMAGES + "mnist_png.tgz", 15_683_414, "03639f83c4e3d19e0a3a53a8a997c487");

  /** A few 3s and 7s of MNIST in varied sizes. */
  public static final DataSource.Download MNIST_VAR_SIZE_TINY =
      download(IMAGES + "mnist_var_size_tiny.tgz", 565_372, "b71a930f4eb744a4a143a6c7ff7ed67f");

  /** CIFAR-10: 60,000 color images of 32×32 in ten classes. */
  public static final DataSource.Download CIFAR =
      download(SAMPLES + "cifar10.tgz", 168_168_549, "a5f8c31371b63a406b23368042812d3c");

  /** The Oxford-IIIT pets: cats and dogs of 37 breeds. */
  public static final DataSource.Download PETS =
      download(IMAGES + "oxford-iiit-pet.tgz", 811_706_944, "e4db5c768afd933bb91f5f594d7417a4");

  /** Ten easy classes of ImageNet, the shorter side 160 pixels. */
  public static final DataSource.Download IMAGENETTE_160 =
      download(IMAGES + "imagenette2-160.tgz", 99_003_388, "c475f8f7617a200ba35b9facc48443c3");

  /** 3s and 7s that fastai4j draws itself, in the sizes and the layout of {@link #MNIST_SAMPLE}. */
  public static final DataSource DIGITS_SAMPLE =
      new DataSource.Drawn("digits_sample", 1, BuiltInData.DIGITS_SAMPLE);

  /** Ten digits that fastai4j draws itself, in the sizes and the layout of {@link #MNIST}. */
  public static final DataSource DIGITS = new DataSource.Drawn("digits", 1, BuiltInData.DIGITS);

  private URLs() {}

  /** All of them. */
  public static List<DataSource> all() {
    return List.of(
        MNIST_SAMPLE,
        MNIST_TINY,
        MNIST,
        MNIST_VAR_SIZE_TINY,
        CIFAR,
        PETS,
        IMAGENETTE_160,
        DIGITS_SAMPLE,
        DIGITS);
  }

  /** The data set of that {@link DataSource#name name}. */
  public static Optional<DataSource> find(String name) {
    return all().stream().filter(source -> source.name().equals(name)).findFirst();
  }

  private static DataSource.Download download(String address, long bytes, String md5) {
    return new DataSource.Download(URI.create(address), bytes, md5);
  }
}
