package org.fastai4j.app;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which images a command reads, and how. */
final class DataOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR|ARCHIVE",
      required = true,
      description =
          "The images: a data set (mnist_sample, mnist_png, cifar10, imagenette2-160 ...: downloaded"
              + " once; digits_sample, digits: built in), a folder, or a .tgz of one.")
  private String data = "";

  @Option(
      names = "--valid-pct",
      paramLabel = "X",
      description =
          "The share of the images, drawn at random, that validates. Default: what lies in 'valid'"
              + " (or val, testing, test); 0.2 where there is no such folder.")
  private Optional<Double> validPct = Optional.empty();

  @Option(
      names = "--size",
      paramLabel = "N",
      description =
          "Cut images to squares and scale them to N x N pixels. Default: 28 for linear, simple_net,"
              + " simple_cnn and deep_cnn; otherwise as they are, or at most 224.")
  private Optional<Integer> size = Optional.empty();

  @Option(
      names = "--grey",
      description = "Read images as grey ones. Default: if all those looked at are.")
  private boolean grey;

  @Option(
      names = "--color",
      description = "Read images as red, green and blue, even if they look grey.")
  private boolean color;

  @Option(
      names = "--bs",
      paramLabel = "N",
      description =
          "Images of one step. Default: 64 (128 for deep_cnn), or fewer where that would leave more"
              + " than a twentieth of the images out of an epoch.")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--skip-corrupt",
      description =
          "Leave out images that cannot be read, and tell how many; otherwise the first one ends it.")
  private boolean skipCorrupt;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "What weights, split and order are drawn from. Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  DataRequest request() {
    batchSize
        .filter(n -> n < 1)
        .ifPresent(
            n -> {
              throw wrong("--bs " + n + ": a step needs at least 1 image");
            });
    if (grey && color) {
      throw wrong("--grey and --color exclude each other");
    }
    size.filter(n -> n < 1)
        .ifPresent(
            n -> {
              throw wrong("--size " + n + ": an image has at least 1 pixel");
            });
    validPct
        .filter(share -> !(share > 0 && share < 1))
        .ifPresent(
            share -> {
              throw wrong("--valid-pct " + share + ": a share between 0 and 1, such as 0.2");
            });
    return new DataRequest(
        data,
        validPct.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
        size.map(OptionalInt::of).orElseGet(OptionalInt::empty),
        grey
            ? DataRequest.Channels.GREY
            : color ? DataRequest.Channels.COLOR : DataRequest.Channels.AUTO,
        batchSize.map(OptionalInt::of).orElseGet(OptionalInt::empty),
        seed,
        skipCorrupt);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
