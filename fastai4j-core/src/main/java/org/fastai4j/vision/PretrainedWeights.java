package org.fastai4j.vision;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DataException;
import org.fastai4j.data.OfflineException;
import org.fastai4j.io.Pth;
import org.fastai4j.io.Safetensors;
import org.fastai4j.nn.Module;
import org.fastai4j.tensor.Tensor;

/**
 * Weights of nets trained on ImageNet, as torchvision publishes them ({@code IMAGENET1K_V1}).
 *
 * <p>They come from, in this order: what the environment's {@code FASTAI4J_WEIGHTS} names (a file,
 * a folder or a mirror's address), the cache's folder {@code models}, PyTorch's own cache, the web.
 * A name such as {@code resnet18-f37072fd.pth} holds the beginning of the file's SHA-256, which is
 * checked.
 */
final class PretrainedWeights {
  private static final String VARIABLE = "FASTAI4J_WEIGHTS";
  private static final String PYTORCH = "https://download.pytorch.org/models";

  private static final Map<String, String> FILES =
      Map.of(
          "resnet18", "resnet18-f37072fd.pth",
          "resnet34", "resnet34-b627a593.pth",
          "resnet50", "resnet50-0676ba61.pth",
          "resnet101", "resnet101-63fe2227.pth",
          "resnet152", "resnet152-394f9c45.pth");

  private static final Pattern DIGEST = Pattern.compile(".*-([0-9a-f]{8,64})\\.[a-z]+");

  private final DataCache cache;
  private final Map<String, String> environment;
  private final Path userHome;
  private final String origin;
  private final Map<String, String> files;

  /**
   * @param origin the address of the folder that has the published files
   * @param files their names by architecture
   */
  PretrainedWeights(
      DataCache cache,
      Map<String, String> environment,
      Path userHome,
      String origin,
      Map<String, String> files) {
    this.cache = cache;
    this.environment = environment;
    this.userHome = userHome;
    this.origin = origin;
    this.files = files;
  }

  static PretrainedWeights standard() {
    return new PretrainedWeights(
        DataCache.standard(),
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        PYTORCH,
        FILES);
  }

  /** The weights of a net, by torchvision's names. */
  Map<String, Tensor> load(String arch) {
    Path file = find(arch);
    return file.toString().endsWith(".safetensors")
        ? Safetensors.load(file).tensors()
        : Pth.loadStateDict(file);
  }

  private Path find(String arch) {
    String given = environment.getOrDefault(VARIABLE, "").strip();
    if (!given.isEmpty()) {
      return given(given, arch);
    }
    String name = name(arch);
    Path own = cache.folder("model").resolve(name);
    Path torchs = torchHome().resolve("hub/checkpoints").resolve(name);
    if (!Files.exists(own) && Files.exists(torchs) && DataCache.hasDigest(torchs, digest(name))) {
      return torchs;
    }
    try {
      return download(origin + "/" + name);
    } catch (OfflineException e) {
      throw new OfflineException(
          "%s, or name a copy of it, or a mirror, in %s".formatted(e.getMessage(), VARIABLE), e);
    }
  }

  private Path given(String given, String arch) {
    if (given.startsWith("http://") || given.startsWith("https://")) {
      return download(isWeights(given) ? given : given.replaceAll("/+$", "") + "/" + name(arch));
    }
    Path path = Path.of(given);
    if (Files.isDirectory(path)) {
      return inFolder(path, arch);
    } else if (!Files.exists(path)) {
      throw new DataException(VARIABLE + " names " + path + ", which is not there");
    } else if (!isWeights(given)) {
      throw new DataException(VARIABLE + " names " + path + ": give a .pth or .safetensors file");
    }
    return checked(path);
  }

  private Path inFolder(Path folder, String arch) {
    List<String> names =
        List.of(files.getOrDefault(arch, arch + ".pth"), arch + ".safetensors", arch + ".pth");
    Optional<Path> file = names.stream().map(folder::resolve).filter(Files::exists).findFirst();
    return checked(
        file.orElseThrow(
            () ->
                new DataException(
                    "%s names %s, which has none of %s"
                        .formatted(
                            VARIABLE, folder, String.join(", ", new LinkedHashSet<>(names))))));
  }

  private static Path checked(Path file) {
    String digest = digest(file.getFileName().toString());
    if (!DataCache.hasDigest(file, digest)) {
      throw new DataException(
          "%s is damaged: its SHA-256 does not begin with %s, as its name says"
              .formatted(file, digest));
    }
    return file;
  }

  private Path download(String address) {
    return cache.model(URI.create(address), digest(address));
  }

  private static boolean isWeights(String name) {
    return name.endsWith(".pth") || name.endsWith(".safetensors");
  }

  private String name(String arch) {
    String name = files.get(arch);
    if (name == null) {
      throw new DataException(
          "there are no published weights of %s; name a file of them in %s, or train from scratch"
              .formatted(arch, VARIABLE));
    }
    return name;
  }

  /** What a name says of its file's SHA-256, or nothing. */
  private static String digest(String name) {
    Matcher m = DIGEST.matcher(name);
    return m.matches() ? m.group(1) : "";
  }

  private Path torchHome() {
    String own = environment.getOrDefault("TORCH_HOME", "");
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return !own.isBlank()
        ? Path.of(own)
        : (caches.isBlank() ? userHome.resolve(".cache") : Path.of(caches)).resolve("torch");
  }

  /** Loads weights that may be from before PyTorch counted the batches of normalization layers. */
  static void loadInto(Module net, Map<String, Tensor> weights) {
    Map<String, Tensor> state = new LinkedHashMap<>(weights);
    net.stateDict()
        .forEach(
            (name, t) -> {
              if (name.endsWith(".num_batches_tracked")) {
                state.putIfAbsent(name, t);
              }
            });
    net.loadStateDict(state);
  }
}
