package org.fastai4j.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fastai4j.callback.ChannelsLast;
import org.fastai4j.callback.MixedPrecision;
import org.fastai4j.data.Batch;
import org.fastai4j.data.DataLoader;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.metrics.Metrics;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageDataLoaders;
import org.fastai4j.vision.ImageInput;
import org.fastai4j.vision.ImageOptions;

/**
 * Image folders as {@code fastai_folder.py} reads them and trains on them: the loader alone, then
 * five convolutions that halve the image, or a resnet18 with fastai's head. Prints one line of
 * JSON.
 *
 * <p>{@code bench/image-folders} runs it beside the peer. Arguments: folder, names of the training
 * and validation folders, epochs, {@code cnn} or {@code resnet18}, batch size, {@code fp32} or
 * {@code bf16}.
 */
public final class ImageFolders {
  private ImageFolders() {}

  /** Runs both parts. */
  public static void main(String[] args) {
    Path path = Path.of(args[0]);
    int epochs = Integer.parseInt(args[3]);
    boolean cnn = args[4].equals("cnn");
    boolean half = args[6].equals("bf16");
    long begun = System.nanoTime();
    ImageDataLoaders dls = loaders(path, args);
    double list = since(begun);
    double cold = imagesPerSecond(dls.train());
    double warm = imagesPerSecond(dls.train());

    ImageDataLoaders again = loaders(path, args); // nothing is decoded yet
    Learner.Builder builder =
        cnn
            ? Learner.builder(again, net(again.c()))
                .loss(new CrossEntropyLoss())
                .metric(Metrics.accuracy())
            : ImageClassifier.create(
                    "resnet18",
                    again.vocab(),
                    ImageInput.color((int) again.itemShape()[1], (int) again.itemShape()[2]))
                .learner(again);
    builder.callback(new ChannelsLast()); // as 'fastai4j train' does
    if (half) {
      builder.callback(MixedPrecision.bf16());
    }
    List<Double> ends = new ArrayList<>();
    Learner learn =
        builder
            .quiet()
            .callback(Callback.on(Event.AFTER_EPOCH, l -> ends.add(System.nanoTime() / 1e9)))
            .build();
    double start = System.nanoTime() / 1e9;
    learn.fitOneCycle(epochs, cnn ? 0.01 : 0.1);
    double fit = System.nanoTime() / 1e9 - start;
    double first = ends.get(0) - start;
    System.out.printf(
        Locale.ROOT,
        "{\"peer\": \"fastai4j\", \"arch\": \"%s\", \"precision\": \"%s\", \"images\": %d, \"list_s\":"
            + " %.2f, \"loader_cold\": %.0f, \"loader_warm\": %.0f, \"fit_s\": %.2f, \"first_s\":"
            + " %.2f, \"later_s\": %.2f, \"accuracy\": %.4f}%n",
        args[4],
        args[6],
        dls.train().items(),
        list,
        cold,
        warm,
        fit,
        first,
        epochs == 1 ? first : (fit - first) / (epochs - 1),
        learn.validate().get(1));
  }

  private static ImageDataLoaders loaders(Path path, String... args) {
    return ImageDataLoaders.fromFolder(
        path,
        o -> {
          ImageOptions made = o.folders(args[1], args[2]).bs(Integer.parseInt(args[5])).seed(42);
          return args[4].equals("cnn") ? made.grey() : made;
        });
  }

  private static double imagesPerSecond(DataLoader<Batch> batches) {
    long start = System.nanoTime();
    long[] seen = {0};
    batches.forEach(batch -> seen[0] += batch.size());
    return seen[0] / since(start);
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** Grey digits of 28 by 28 to 14, 7, 4, 2 and 1. */
  private static Sequential net(int classes) {
    return new Sequential(
        new Conv2d(1, 8, 3, 2, 1),
        new ReLU(),
        new Conv2d(8, 16, 3, 2, 1),
        new ReLU(),
        new Conv2d(16, 32, 3, 2, 1),
        new ReLU(),
        new Conv2d(32, 64, 3, 2, 1),
        new ReLU(),
        new Conv2d(64, classes, 3, 2, 1),
        new Flatten());
  }
}
