package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.nn.Layer;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.Sequential;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * fastai's way to a classifier: the body of a known net, cut before its last layers, and a new head
 * for the classes at hand.
 *
 * <pre>{@code
 * Sequential model = VisionModels.createPretrained("resnet18", 10, 3, VisionHead.standard());
 * List<List<Tensor>> groups = VisionModels.splitter("resnet18", model); // body, body, head
 * }</pre>
 */
public final class VisionModels {
  private VisionModels() {}

  /**
   * What is known of an architecture: how many last children are cut off, and how many first of the
   * rest make the group that learns slowest.
   */
  private record Cut(int last, int first) {}

  /** Whether a net of {@link Models#names()} has a body that a head can be put on. */
  public static boolean hasBody(String arch) {
    return arch.startsWith("resnet") || arch.startsWith("xresnet");
  }

  private static Cut cut(String arch) {
    if (!hasBody(arch)) {
      throw new TensorException(
          "'" + arch + "' has no body to put a head on; the resnets and xresnets have");
    }
    return arch.startsWith("resnet") ? new Cut(2, 6) : new Cut(4, 3);
  }

  /** An untrained body and head: images {@code [n, channels, h, w]} to {@code [n, classes]}. */
  public static Sequential create(String arch, int classes, int channels, VisionHead head) {
    Sequential body = createBody(arch, channels);
    return new Sequential(body, head.create(features(body), classes));
  }

  /** As {@link #create}, with a body from {@link #createPretrainedBody}. */
  public static Sequential createPretrained(
      String arch, int classes, int channels, VisionHead head) {
    Sequential body = createPretrainedBody(arch, channels);
    return new Sequential(body, head.create(features(body), classes));
  }

  /**
   * The untrained body of a net: images {@code [n, channels, h, w]} to {@code [n, features, h / 32,
   * w / 32]}. As in fastai, the first layer for other than 3 channels is a new one, drawn from
   * {@code U(-1/√n, 1/√n)} with {@code n} inputs.
   */
  public static Sequential createBody(String arch, int channels) {
    Cut cut = cut(arch);
    Sequential body = body(Models.create(arch, 1, channels), cut);
    if (channels != 3) {
      Tensor first = body.parameters().get(0);
      double bound = Math.sqrt((double) first.size(0) / first.numel());
      Autograd.noGrad(() -> first.uniform_(-bound, bound));
    }
    return body;
  }

  /**
   * The body of a net trained on ImageNet, whose weights are downloaded once; the environment's
   * {@code FASTAI4J_WEIGHTS} may name a file, a folder or a mirror instead.
   *
   * <p>Its first layer is adapted to the number of channels: to one by the sum over red, green and
   * blue, to two by half as much again of red and green; further channels begin at 0.
   *
   * @throws org.fastai4j.data.OfflineException if there is no network, with what to do then
   */
  public static Sequential createPretrainedBody(String arch, int channels) {
    Cut cut = cut(arch);
    return pretrainedBody(arch, channels, cut, PretrainedWeights.standard().load(arch));
  }

  static Sequential pretrainedBody(String arch, int channels, Map<String, Tensor> weights) {
    return pretrainedBody(arch, channels, cut(arch), weights);
  }

  private static Sequential pretrainedBody(
      String arch, int channels, Cut cut, Map<String, Tensor> weights) {
    Module net = Models.create(arch, 1, channels);
    List<String> own = new ArrayList<>(net.namedParameters().keySet());
    String first = own.get(0);
    Map<String, Tensor> adapted = new LinkedHashMap<>(weights);
    Tensor w = adapted.get(first);
    if (w != null) {
      adapted.put(first, Autograd.noGrad(() -> forChannels(w, channels)));
    }
    for (String last : own.subList(own.size() - 2, own.size())) { // of the layer that is cut off
      adapted.put(last, requireNonNull(net.stateDict().get(last)));
    }
    PretrainedWeights.loadInto(net, adapted);
    return body(net, cut);
  }

  private static Tensor forChannels(Tensor rgb, int channels) {
    if (rgb.dim() != 4 || rgb.size(1) != 3) {
      return rgb;
    }
    return switch (channels) {
      case 1 -> rgb.sumKeepDim(1);
      case 2 -> rgb.narrow(1, 0, 2).mul(1.5);
      case 3 -> rgb;
      default ->
          Tensor.cat(
              List.of(rgb, Tensor.zeros(rgb.size(0), channels - 3L, rgb.size(2), rgb.size(3))), 1);
    };
  }

  private static Sequential body(Module net, Cut cut) {
    List<Module> children = new ArrayList<>(net.namedChildren().values());
    return new Sequential(children.subList(0, children.size() - cut.last()).toArray(Layer[]::new));
  }

  /** The channels that come out of a body: those of its last convolution. */
  private static int features(Sequential body) {
    List<Tensor> parameters = body.parameters();
    return (int) parameters.get(parameters.size() - 1).size(0); // its norm's bias
  }

  /**
   * The parameters in fastai's groups, which may learn at rates of their own: early body, late
   * body, head.
   */
  public static List<List<Tensor>> splitter(String arch, Sequential model) {
    List<Layer> parts = model.layers();
    if (parts.size() != 2 || !(parts.get(0) instanceof Sequential body)) {
      throw new IllegalArgumentException("the model of " + arch + " is no body with a head");
    }
    int first = cut(arch).first();
    List<Layer> layers = body.layers();
    return List.of(
        parameters(layers.subList(0, first)),
        parameters(layers.subList(first, layers.size())),
        parameters(parts.subList(1, 2)));
  }

  private static List<Tensor> parameters(List<Layer> layers) {
    List<Tensor> out = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer instanceof Module m) {
        out.addAll(m.parameters());
      }
    }
    return out;
  }
}
