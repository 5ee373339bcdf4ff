package org.fastai4j.golden;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.fastai4j.nn.AdaptiveAvgPool2d;
import org.fastai4j.nn.AdaptiveConcatPool2d;
import org.fastai4j.nn.AdaptiveMaxPool2d;
import org.fastai4j.nn.AvgPool2d;
import org.fastai4j.nn.BatchNorm1d;
import org.fastai4j.nn.BatchNorm2d;
import org.fastai4j.nn.Conv1d;
import org.fastai4j.nn.Conv2d;
import org.fastai4j.nn.ConvLayer;
import org.fastai4j.nn.ConvOptions;
import org.fastai4j.nn.ConvTranspose2d;
import org.fastai4j.nn.Dropout;
import org.fastai4j.nn.Dropout2d;
import org.fastai4j.nn.Embedding;
import org.fastai4j.nn.Flatten;
import org.fastai4j.nn.GroupNorm;
import org.fastai4j.nn.InstanceNorm2d;
import org.fastai4j.nn.LayerNorm;
import org.fastai4j.nn.LinBnDrop;
import org.fastai4j.nn.Linear;
import org.fastai4j.nn.MaxPool2d;
import org.fastai4j.nn.Module;
import org.fastai4j.nn.NormOptions;
import org.fastai4j.nn.ReLU;
import org.fastai4j.nn.Sequential;
import org.fastai4j.nn.SigmoidRange;
import org.fastai4j.testkit.Golden;

/** What each {@code layer} of the golden cases is in this library's terms. */
final class LayerTable {
  private LayerTable() {}

  /** The layer of this name and these arguments, PyTorch's. */
  static Module layer(String name, JsonObject json) {
    Args a = new Args(json);
    return switch (name) {
      case "Linear" ->
          a.flag("bias", true)
              ? new Linear(a.whole("in_features", 0), a.whole("out_features", 0))
              : Linear.withoutBias(a.whole("in_features", 0), a.whole("out_features", 0));
      case "Conv2d" -> new Conv2d(a.whole("in_channels", 0), a.whole("out_channels", 0), a.conv());
      case "BatchNorm1d" -> new BatchNorm1d(a.whole("num_features", 0), a.norm());
      case "BatchNorm2d" -> new BatchNorm2d(a.whole("num_features", 0), a.norm());
      case "Dropout" -> new Dropout(a.number("p", 0.5));
      case "Dropout2d" -> new Dropout2d(a.number("p", 0.5));
      case "MaxPool2d" ->
          new MaxPool2d(
              a.whole("kernel_size", 0),
              a.whole("stride", a.whole("kernel_size", 0)),
              a.whole("padding", 0),
              a.whole("dilation", 1),
              a.flag("ceil_mode", false));
      case "AvgPool2d" ->
          new AvgPool2d(
              a.whole("kernel_size", 0),
              a.whole("stride", a.whole("kernel_size", 0)),
              a.whole("padding", 0),
              a.flag("ceil_mode", false),
              a.flag("count_include_pad", true));
      case "AdaptiveAvgPool2d" -> new AdaptiveAvgPool2d(a.side(0), a.side(1));
      case "AdaptiveMaxPool2d" -> new AdaptiveMaxPool2d(a.side(0), a.side(1));
      case "AdaptiveConcatPool2d" -> new AdaptiveConcatPool2d(a.whole("size", 1));
      case "Sequential(AdaptiveConcatPool2d, Flatten)" ->
          new Sequential(new AdaptiveConcatPool2d(), new Flatten());
      case "Flatten" -> a.flag("full", false) ? new Flatten(0, -1) : new Flatten();
      case "Conv1d" -> new Conv1d(a.whole("in_channels", 0), a.whole("out_channels", 0), a.conv());
      case "ConvTranspose2d" ->
          new ConvTranspose2d(a.whole("in_channels", 0), a.whole("out_channels", 0), a.conv());
      case "LayerNorm" -> new LayerNorm(a.norm(), a.sizes("normalized_shape"));
      case "GroupNorm" ->
          new GroupNorm(a.whole("num_groups", 0), a.whole("num_channels", 0), a.norm());
      case "InstanceNorm2d" -> new InstanceNorm2d(a.whole("num_features", 0), a.norm());
      case "Embedding" ->
          a.has("padding_idx")
              ? new Embedding(
                  a.whole("num_embeddings", 0),
                  a.whole("embedding_dim", 0),
                  a.whole("padding_idx", 0))
              : new Embedding(a.whole("num_embeddings", 0), a.whole("embedding_dim", 0));
      case "LinBnDrop" ->
          new LinBnDrop(
              a.whole("n_in", 0),
              a.whole("n_out", 0),
              new LinBnDrop.Options(
                  a.flag("bn", true),
                  a.number("p", 0),
                  Optional.of(new ReLU()),
                  a.flag("lin_first", false)));
      case "ConvLayer" ->
          new ConvLayer(a.whole("ni", 0), a.whole("nf", 0), a.whole("ks", 3), a.whole("stride", 1));
      case "SigmoidRange" -> new SigmoidRange(a.number("low", 0), a.number("high", 0));
      default -> throw new AssertionError("no layer is called " + name);
    };
  }

  private record Args(JsonObject json) {
    boolean has(String name) {
      return json.has(name);
    }

    int whole(String name, int otherwise) {
      return has(name) ? json.get(name).getAsInt() : otherwise;
    }

    double number(String name, double otherwise) {
      return has(name) ? json.get(name).getAsDouble() : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
      return has(name) ? json.get(name).getAsBoolean() : otherwise;
    }

    long[] sizes(String name) {
      JsonElement e = json.get(name);
      return e.isJsonArray()
          ? Golden.stream(e).mapToLong(JsonElement::getAsLong).toArray()
          : new long[] {e.getAsLong()};
    }

    int side(int axis) {
      long[] sizes = sizes("output_size");
      return (int) sizes[sizes.length == 1 ? 0 : axis];
    }

    ConvOptions conv() {
      ConvOptions o = ConvOptions.kernel(sizes("kernel_size"));
      o = with("stride", o, x -> x.stride(sizes("stride")));
      o = with("padding", o, x -> x.padding(sizes("padding")));
      o = with("dilation", o, x -> x.dilation(sizes("dilation")));
      o = with("output_padding", o, x -> x.outputPadding(sizes("output_padding")));
      o = with("padding_mode", o, x -> x.paddingMode(json.get("padding_mode").getAsString()));
      return (flag("bias", true) ? o : o.withoutBias()).groups(whole("groups", 1));
    }

    private ConvOptions with(String name, ConvOptions o, UnaryOperator<ConvOptions> change) {
      return has(name) ? change.apply(o) : o;
    }

    NormOptions norm() {
      NormOptions o = NormOptions.DEFAULT.withEps(number("eps", 1e-5));
      o =
          has("momentum") && json.get("momentum").isJsonNull()
              ? o.cumulative()
              : o.withMomentum(number("momentum", 0.1));
      o = flag("affine", true) ? o : o.withoutAffine();
      return flag("track_running_stats", true) ? o : o.withoutRunningStats();
    }
  }
}
