package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transforms with fixed draws against fastai's and Pillow's: golden kind {@code vision}. */
class GoldenVisionTest {
  private final Map<String, Tensor> out = new HashMap<>();

  static List<Golden.Case> cases() {
    return Golden.cases("vision");
  }

  @Test
  void hasAllTwentyEightCases() {
    assertThat(cases()).hasSize(28);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithFastai(Golden.Case c) {
    Map<String, Tensor> tensors = c.tensors();
    switch (c.name().substring("vision/".length())) {
      case "normalize" -> normalize(tensors);
      case "normalize_mnist" ->
          out.put("out.y", Normalize.MNIST.valid(floats(tensors.get("in.x"))));
      case "resize_squish", "resize_crop", "resize_pad", "resize_pcts" -> resize(c, tensors);
      case "crop_pad_flip_dihedral" -> exact(c, tensors);
      case "random_resized_crop" -> randomResizedCrop(c, tensors);
      case "aug_transforms_pipeline" -> pipeline(c.params(), x(tensors));
      case "saturation" -> {
        out.put("out.logit", Lighting.logits(x(tensors)));
        out.put("out.y", Lighting.saturate(x(tensors), new double[] {1.5, 1.5, 1.5}));
      }
      default -> {
        if (c.params().has("pad_modes")) {
          affine(c, tensors);
        } else if (c.params().get("tfm").getAsString().matches("brightness.*|contrast")) {
          light(c.params(), x(tensors));
        } else {
          fail("no code for " + c.name());
        }
      }
    }
    out.forEach(
        (name, value) ->
            c.check(name, value.toFloat(), requireNonNull(tensors.get(name), name).toFloat()));
    assertThat(out.keySet()).isEqualTo(new HashSet<>(c.outputs()));
  }

  private static Tensor x(Map<String, Tensor> tensors) {
    return requireNonNull(tensors.get("in.x"));
  }

  private static Tensor floats(@org.jspecify.annotations.Nullable Tensor bytes) {
    return requireNonNull(bytes).toFloat().div(255);
  }

  private void normalize(Map<String, Tensor> tensors) {
    Tensor x = floats(tensors.get("in.x"));
    out.put("out.float", x);
    out.put("out.imagenet", Normalize.IMAGENET.valid(x.copy()));
    Tensor fused = Normalize.IMAGENET.scaled(x(tensors).toFloat(), 255);
    Tensor decoded = Normalize.IMAGENET.decode(fused);
    out.put("out.imagenet_decoded", decoded);
    out.put("out.decoded_uint8", x.mul(255).add(1e-3).floor());
    Normalize batch = Normalize.fromBatch(x);
    out.put("out.batch", batch.valid(x.copy()));
    Tensor zero = Tensor.zeros(1, 3, 1, 1);
    out.put("out.batch_mean", batch.decode(zero));
    out.put("out.batch_std", batch.decode(zero.add(1)).sub(batch.decode(zero)));
  }

  private void resize(Golden.Case c, Map<String, Tensor> tensors) {
    Golden.stream(c.params().get("calls"))
        .map(JsonElement::getAsJsonObject)
        .forEach(
            call -> {
              JsonElement size = call.get("size");
              int height =
                  size.isJsonArray() ? size.getAsJsonArray().get(0).getAsInt() : size.getAsInt();
              int width =
                  size.isJsonArray() ? size.getAsJsonArray().get(1).getAsInt() : size.getAsInt();
              Resize resize =
                  new Resize(
                      height,
                      width,
                      Resize.Method.valueOf(upper(call, "method")),
                      PadMode.valueOf(upper(call, "pad_mode")));
              double[] at = numbers(call.get("pcts"), 2);
              Image image = image(tensors, call.get("image").getAsString());
              Image made = resize.at(image, at[0], at[1]);
              if (at[0] == 0.5 && at[1] == 0.5) {
                assertThat(made).isEqualTo(resize.apply(image));
              }
              out.put(call.get("out").getAsString(), made.tensor());
            });
  }

  private static String upper(JsonObject call, String name) {
    return call.get(name).getAsString().toUpperCase(Locale.ROOT);
  }

  private void exact(Golden.Case c, Map<String, Tensor> tensors) {
    for (String name : c.outputs()) {
      String[] parts = name.split("\\.", -1);
      Image image = image(tensors, "in." + parts[1]);
      String what = parts[2];
      Image made;
      if (what.equals("flip")) {
        made = new FlipItem(1).train(image, new java.util.SplittableRandom(0));
      } else if (what.startsWith("dihedral")) {
        made = ImageWindow.dihedral(image, what.charAt(what.length() - 1) - '0');
      } else {
        String[] size = what.split("x", -1);
        made =
            CropPad.to(Integer.parseInt(size[0]), Integer.parseInt(size[size.length - 1]))
                .apply(image);
      }
      out.put(name, made.tensor());
    }
  }

  private void randomResizedCrop(Golden.Case c, Map<String, Tensor> tensors) {
    Golden.stream(c.params().get("calls"))
        .map(JsonElement::getAsJsonObject)
        .forEach(
            call -> {
              Image image = image(tensors, call.get("image").getAsString());
              RandomResizedCrop crop = RandomResizedCrop.to(call.get("size").getAsInt());
              Image made;
              if (call.get("split").getAsString().equals("valid")) {
                made = crop.apply(image);
              } else {
                double[] size = numbers(call.get("cp_size_wh"), 2);
                double[] corner = numbers(call.get("tl_xy"), 2);
                made =
                    crop.part(
                        image, (int) corner[0], (int) corner[1], (int) size[0], (int) size[1]);
              }
              out.put(call.get("out").getAsString(), made.tensor());
            });
  }

  private static Image image(Map<String, Tensor> tensors, String name) {
    Tensor t = requireNonNull(tensors.get(name), name);
    return Image.fromBytes(
        t.dim() == 2 ? "L" : "RGB", (int) t.size(1), (int) t.size(0), t.toByteArray());
  }

  private void affine(Golden.Case c, Map<String, Tensor> tensors) {
    JsonObject p = c.params();
    Tensor x = x(tensors);
    int n = (int) x.size(0);
    long[] size = {x.size(2), x.size(3)};
    if (!p.get("size").isJsonNull()) {
      double[] given = numbers(p.get("size"), 2);
      size = new long[] {(long) given[0], (long) given[1]};
    }
    double[][] drawn = new double[n][];
    double[][] all = new double[n][];
    double[][] warps = new double[n][];
    for (int i = 0; i < n; i++) {
      drawn[i] = drawn(p, n, i);
      warps[i] = warp(p, n, i);
      double[] fitted = AffineAugment.fitted(drawn[i], (double) x.size(2), (double) x.size(3));
      all[i] = AffineAugment.product(warps[i], fitted);
    }
    double h = x.size(2);
    double w = x.size(3);
    if (c.outputs().contains("out.mat")) {
      Tensor mat = matrices(drawn);
      out.put("out.mat", mat);
      double[][] fitted = new double[n][];
      for (int i = 0; i < n; i++) {
        fitted[i] = AffineAugment.fitted(drawn[i], h, w);
      }
      out.put("out.theta", matrices(fitted).narrow(1, 0, 2));
    }
    if (c.outputs().contains("out.warp_coeffs")) {
      out.put("out.warp_coeffs", matrices(warps).view(n, 9).narrow(1, 0, 8));
    }
    String mode = p.get("mode").getAsString();
    boolean both = p.getAsJsonArray("align_corners").size() == 2;
    for (JsonElement corners : p.getAsJsonArray("align_corners")) {
      boolean align = corners.getAsBoolean();
      String suffix = both ? align ? ".corners" : ".nocorners" : "";
      Tensor grid = AffineAugment.grid(all, size[0], size[1], align);
      out.put("out.grid" + suffix, grid);
      for (PadMode pad : PadMode.values()) {
        out.put("out.y." + pad.torch() + suffix, AffineAugment.sample(x, grid, mode, pad, align));
      }
    }
  }

  private static Tensor matrices(double[][] rows) {
    double[] all = new double[9 * rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, 9 * i, 9);
    }
    return Tensor.of(all, rows.length, 3, 3);
  }

  /** The matrix of flip, turn and zoom. */
  private static double[] drawn(JsonObject p, int n, int i) {
    return switch (p.get("tfm").getAsString()) {
      case "rotate" -> AffineAugment.rotate(numbers(p.get("draw"), n)[i]);
      case "zoom" ->
          AffineAugment.zoom(
              p.get("draw").getAsDouble(),
              p.get("draw_x").getAsDouble(),
              p.get("draw_y").getAsDouble());
      case "flip", "dihedral" -> AffineAugment.dihedral((int) numbers(p.get("draw"), n)[i]);
      case "warp" -> AffineAugment.identity();
      default -> composed(p, n, i);
    };
  }

  private static double[] composed(JsonObject p, int n, int i) {
    double[] zoom = numbers(p.get("zoom"), 3);
    double[] m = AffineAugment.dihedral((int) numbers(p.get("flip"), n)[i]);
    m = AffineAugment.product(m, AffineAugment.rotate(p.get("rotate").getAsDouble()));
    return AffineAugment.product(m, AffineAugment.zoom(zoom[0], zoom[1], zoom[2]));
  }

  private static double[] warp(JsonObject p, int n, int i) {
    if (p.has("warp")) {
      double[] warp = numbers(p.get("warp"), 2);
      return AffineAugment.warp(warp[0], warp[1]);
    }
    return p.has("draw_y") && p.get("tfm").getAsString().equals("warp")
        ? AffineAugment.warp(numbers(p.get("draw_x"), n)[i], numbers(p.get("draw_y"), n)[i])
        : AffineAugment.identity();
  }

  private void pipeline(JsonObject p, Tensor x) {
    int n = (int) x.size(0);
    double[][] all = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] fitted =
          AffineAugment.fitted(composed(p, n, i), (double) x.size(2), (double) x.size(3));
      all[i] = AffineAugment.product(warp(p, n, i), fitted);
    }
    Tensor grid = AffineAugment.grid(all, x.size(2), x.size(3), true);
    Tensor moved = AffineAugment.sample(x, grid, "bilinear", PadMode.REFLECTION, true);
    out.put("out.after_affine", moved);
    out.put(
        "out.after_lighting",
        Lighting.change(moved, numbers(p.get("brightness"), n), numbers(p.get("contrast"), n)));
    out.put("out.valid_affine", AugTransforms.standard().valid(x));
  }

  private void light(JsonObject p, Tensor x) {
    int n = (int) x.size(0);
    String tfm = p.get("tfm").getAsString();
    JsonElement brightness = tfm.equals("brightness") ? p.get("change") : p.get("brightness");
    JsonElement contrast = tfm.equals("contrast") ? p.get("change") : p.get("contrast");
    double[] none = new double[n];
    java.util.Arrays.fill(none, 0.5);
    double[] same = new double[n];
    java.util.Arrays.fill(same, 1);
    out.put("out.logit", Lighting.logits(x));
    out.put(
        "out.y",
        Lighting.change(
            x,
            brightness == null ? none : numbers(brightness, n),
            contrast == null ? same : numbers(contrast, n)));
  }

  /** A list, or one number for all. */
  private static double[] numbers(JsonElement e, int n) {
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = e.isJsonArray() ? e.getAsJsonArray().get(i).getAsDouble() : e.getAsDouble();
    }
    return out;
  }
}
