package org.fastai4j.app;

import java.io.PrintStream;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fastai4j.callback.ChannelsLast;
import org.fastai4j.callback.MixedPrecision;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.learner.Learner;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.AugTransforms;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageDataLoaders;
import org.fastai4j.vision.ImageInput;
import org.fastai4j.vision.ImageOptions;
import org.fastai4j.vision.Images;
import org.fastai4j.vision.VisionModels;

/**
 * Data and net, put together as the options say: what {@code train} and {@code lr-find} begin with.
 *
 * @param folder the images
 * @param images the batches
 * @param classifier the net to be trained
 * @param net what was asked of it
 * @param augment how images are changed
 * @param device where the net is
 */
record Workbench(
    ImageFolder folder,
    ImageDataLoaders images,
    ImageClassifier classifier,
    NetRequest net,
    NetRequest.Augment augment,
    Device device) {
  private static final Logger LIBRARY = Logger.getLogger(Images.class.getName());
  private static final int DIGIT = 28;
  private static final int LARGEST = 224;
  private static final int STEP = 64;
  private static final int DEEP_STEP = 128;

  static Workbench open(DataRequest data, NetRequest net, Terminal terminal, boolean quiet) {
    Device device = Devices.find(net.device());
    ImageFolder folder = ImageFolder.find(data.data(), terminal, quiet);
    ImageFolder.Look look = UserData.read(() -> folder.look(data.skipCorrupt()));
    ImageInput seen = input(look, data, net);
    boolean digits = isDigits(seen, folder);
    ImageInput input = digits ? ImageInput.DIGITS : seen;
    NetRequest.Augment augment = augment(net, digits);
    ImageDataLoaders images =
        UserData.read(
            () ->
                ImageDataLoaders.fromFolder(
                    folder.path(), o -> options(o, data, net, look, seen, augment)));
    Torch.manualSeed(data.seed());
    ImageClassifier classifier =
        net.pretrained()
            ? ImageClassifier.createPretrained(net.arch(), images.vocab(), input)
            : ImageClassifier.create(net.arch(), images.vocab(), input);
    return new Workbench(folder, images, classifier, net, augment, device);
  }

  /** What the net is to see of an image. Published weights were learned on color, normalized. */
  private static ImageInput input(ImageFolder.Look look, DataRequest data, NetRequest net) {
    boolean grey =
        switch (data.channels()) {
          case GREY -> true;
          case COLOR -> false;
          case AUTO -> look.grey() && !net.pretrained();
        };
    int height = look.height();
    int width = look.width();
    if (!VisionModels.hasBody(net.arch())) {
      if (data.size().orElse(DIGIT) != DIGIT) {
        throw new CliException(
            Main.USAGE,
            "--size %d: %s sees images of 28 x 28; leave --size out, or choose --arch resnet18"
                .formatted(data.size().getAsInt(), net.arch()));
      }
      height = width = DIGIT;
    } else if (data.size().isPresent() || !look.alike() || Math.max(height, width) > LARGEST) {
      height = width = data.size().orElse(Math.min(LARGEST, look.side()));
    }
    if (net.pretrained() && !grey) {
      ImageInput seen = ImageInput.photographs(height);
      return ImageInput.color(height, width).withNormalization(seen.mean(), seen.std());
    }
    return grey ? ImageInput.grey(height, width) : ImageInput.color(height, width);
  }

  /** How batches are made of images that are to be seen so. */
  private static ImageOptions options(
      ImageOptions o,
      DataRequest data,
      NetRequest net,
      ImageFolder.Look look,
      ImageInput input,
      NetRequest.Augment augment) {
    ImageOptions made =
        split(o.bs(n -> data.batchSize().orElseGet(() -> batchSize(net.arch(), n))), data);
    if (augment == NetRequest.Augment.DIGITS) {
      made = made.batchTfms(AugTransforms.digits());
    } else if (augment == NetRequest.Augment.STANDARD) {
      made = made.batchTfms(AugTransforms.standard());
    }
    if (input.channels() == 1) {
      made = made.grey();
    }
    if (!input.mean().isEmpty()) {
      made = made.normalize(array(input.mean()), array(input.std()));
    }
    boolean fits = look.alike() && look.height() == input.height() && look.width() == input.width();
    return fits && data.size().isEmpty() // then decoded images can be kept as they come
        ? made
        : made.size(input.height());
  }

  /**
   * As many images a step as the net's recipe says. As the last batch of an epoch is left out if it
   * is smaller, there are fewer where that would be more than a twentieth of the {@code n} images:
   * all of them, in two steps or more.
   */
  static int batchSize(String arch, int n) {
    int usual = arch.equals("deep_cnn") ? DEEP_STEP : STEP;
    if (n >= usual && n % usual <= n / 20) {
      return usual;
    }
    int steps = Math.max(2, (n + usual - 1) / usual);
    return Math.max(1, n < 4 ? n : n / steps);
  }

  /** Images of one step. */
  int batchSize() {
    return images.train().batchSize();
  }

  /** Says how many images a step has, if that was chosen here and is not the usual number. */
  void tellBatchSize(DataRequest data, PrintStream out) {
    if (data.batchSize().isEmpty() && batchSize() != STEP) {
      out.println(batchSize() + " images a step (--bs sets another number)");
    }
  }

  /** How the images are divided. */
  static ImageOptions split(ImageOptions o, DataRequest data) {
    ImageOptions seeded = o.seed(data.seed());
    if (data.skipCorrupt()) {
      LIBRARY.setLevel(Level.OFF); // what it leaves out is told at the end
      seeded = seeded.skipCorrupt();
    }
    return data.validPct().isPresent() ? seeded.validPct(data.validPct().getAsDouble()) : seeded;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }

  /** MNIST's kind: what is photographed later is cut out and centered as its digits are. */
  private static boolean isDigits(ImageInput input, ImageFolder folder) {
    return input.equals(ImageInput.grey(DIGIT, DIGIT))
        && folder.files().stream().allMatch(file -> ItemPaths.parentLabel(file).matches("[0-9]"));
  }

  private static NetRequest.Augment augment(NetRequest net, boolean digits) {
    if (net.augment() != NetRequest.Augment.AUTO) {
      return net.augment();
    }
    return digits && net.arch().equals("deep_cnn")
        ? NetRequest.Augment.DIGITS
        : NetRequest.Augment.NONE;
  }

  /** What trains the net, with what {@code set} adds. */
  Learner learner(UnaryOperator<Learner.Builder> set) {
    Learner.Builder builder = classifier.learner(images);
    if (net.bf16()) {
      builder.callback(MixedPrecision.bf16());
    }
    builder.callback(new ChannelsLast()); // a fifth faster for most nets with convolutions
    return set.apply(builder).build().to(device);
  }

  /** A rate that the net learns well with, where none is asked for. */
  static double usualRate(NetRequest net, TrainRequest.Schedule schedule) {
    if (schedule == TrainRequest.Schedule.FINE_TUNE) {
      return 2e-3;
    }
    return VisionModels.hasBody(net.arch()) ? (net.pretrained() ? 1e-3 : 3e-3) : 1e-2;
  }
}
