package org.fastai4j.app;

import java.util.List;
import java.util.Locale;
import org.fastai4j.vision.Models;
import org.fastai4j.vision.VisionModels;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which net a command trains, and where. */
final class NetOptions {
  private static final List<String> PRECISIONS = List.of("fp32", "bf16");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--arch",
      paramLabel = "NAME",
      defaultValue = "simple_cnn",
      description =
          "The net: linear, simple_net, simple_cnn, deep_cnn, resnet18 ... resnet152, xresnet18 ... xresnet50."
              + " Default: ${DEFAULT-VALUE}.")
  private String arch = "simple_cnn";

  @Option(
      names = "--pretrained",
      description =
          "Begin with weights trained on ImageNet, for a resnet; downloaded once (FASTAI4J_WEIGHTS"
              + " may name a file or folder of them).")
  private boolean pretrained;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description = "The numbers that products are computed in: fp32 or bf16. Default: fp32.")
  private String precision = "fp32";

  @Option(
      names = "--augment",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "How images to learn from are changed, anew in each epoch: none, digits (small turns,"
              + " zooms, shifts, slants), standard (mirrored as well, and lighting), or auto: digits"
              + " for deep_cnn on folders of digits, otherwise none. Default: ${DEFAULT-VALUE}.")
  private String augment = "auto";

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "Where to train: auto (a GPU if there is one), cpu, cuda or mps. Default:"
              + " ${DEFAULT-VALUE}.")
  private String device = "auto";

  NetRequest request() {
    if (!Models.names().contains(arch)) {
      throw wrong("--arch " + arch + ": there are " + String.join(", ", Models.names()));
    }
    if (pretrained && !VisionModels.hasBody(arch)) {
      throw wrong("--pretrained: there are no weights of " + arch + "; choose --arch resnet18");
    }
    String numbers = precision.toLowerCase(Locale.ROOT);
    if (!PRECISIONS.contains(numbers)) {
      throw wrong("--precision " + precision + ": there are fp32 and bf16");
    }
    return new NetRequest(arch, pretrained, numbers.equals("bf16"), augment(), device);
  }

  private NetRequest.Augment augment() {
    try {
      return NetRequest.Augment.valueOf(augment.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw wrong("--augment " + augment + ": there are none, digits, standard and auto");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
