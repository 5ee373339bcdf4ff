package org.fastai4j.tensor;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * NVIDIA's libraries that the natives for GPUs need.
 *
 * <p>They are looked for before anything is opened: where they are missing, JavaCPP goes on with a
 * libtorch of the system's, if there is one, and the process dies.
 */
final class Cuda {
  private static final String VERSION = "13";

  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "linux", List.of("libcudart.so." + VERSION, "libcupti.so." + VERSION, "libcudnn.so.9"),
          "windows", List.of("cudart64_" + VERSION + ".dll", "cudnn64_9.dll"));

  private Cuda() {}

  /** Throws, with what to do, unless the libraries are on the class path or installed. */
  static void require(String platform) {
    require(
        platform,
        name ->
            Cuda.class.getResource("/org/bytedeco/cuda/" + platform + "/" + name) != null
                || folders().anyMatch(folder -> new File(folder, name).exists()));
  }

  static void require(String platform, Predicate<String> isThere) {
    String system = platform.substring(0, platform.indexOf('-'));
    for (String name : LIBRARIES.getOrDefault(system, List.of())) {
      if (!isThere.test(name)) {
        throw new TensorException(
            "the natives for GPUs are on the class path, but not NVIDIA's "
                + name
                + "; install CUDA "
                + VERSION
                + " and cuDNN 9, or build with -Pgpu,cuda-redist, which takes them from Maven, or"
                + " without -Pgpu to use the CPU");
      }
    }
  }

  /** Where JavaCPP looks: the toolkit's folder, and those of the system and its environment. */
  private static Stream<String> folders() {
    Stream<String> toolkit =
        Stream.of("", "-" + VERSION + ".0", "-" + VERSION + ".1", "-" + VERSION)
            .map(version -> "/usr/local/cuda" + version + "/lib64");
    String path = System.getProperty("java.library.path", "") + File.pathSeparator + "/usr/lib64";
    return Stream.concat(toolkit, Stream.of(path.split(File.pathSeparator, -1)));
  }
}
