package org.fastai4j.app;

import com.sun.management.OperatingSystemMXBean;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fastai4j.app.Finding.Level;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/** Looks at the machine and at what fastai4j makes of it. */
final class Doctor {
  private static final Pattern ENGINE_LIBRARY =
      Pattern.compile(
          "lib(torch|torch_cpu|torch_cuda|c10|c10_cuda|openblas|gomp|omp|iomp5|mkl_\\w+|jni\\w+)\\b.*");
  private static final List<String> THREAD_VARIABLES =
      List.of(
          "OMP_NUM_THREADS",
          "OPENBLAS_NUM_THREADS",
          "GOTO_NUM_THREADS",
          "MKL_NUM_THREADS",
          "OMP_PROC_BIND",
          "OMP_PLACES",
          "OMP_DYNAMIC",
          "GOMP_CPU_AFFINITY",
          "KMP_AFFINITY");

  private static final List<String> KERNEL_VARIABLES =
      List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  private static final String MEND_FONTS =
      "install fonts, as in 'apt-get install fontconfig fonts-dejavu-core libfreetype6'";

  private final Map<String, String> env;
  private final URI dataHost;
  private final List<Finding> findings = new ArrayList<>();
  private String section = "";
  private boolean engineWorks;

  Doctor(Map<String, String> env, URI dataHost) {
    this.env = env;
    this.dataHost = dataHost;
  }

  /** All findings, in the order they are read. */
  List<Finding> examine() {
    CompletableFuture<Finding> network =
        CompletableFuture.supplyAsync(this::network)
            .completeOnTimeout(unreachable("no answer in 3 s"), 3, TimeUnit.SECONDS);
    List<Finding> selfTest = selfTest(); // first, so that its time is that of a fresh process
    versions();
    nativeLibraries();
    device();
    threads();
    memory();
    findings.addAll(selfTest);
    caches();
    findings.add(network.join());
    fonts();
    return List.copyOf(findings);
  }

  private void versions() {
    section = "Versions";
    Versions built = new Versions();
    ok("fastai4j", built.fastai4j());
    String found = Torch.version();
    String expected = built.libtorch() + "-" + built.javacpp();
    if (found.equals(expected)) {
      ok("libtorch", built.libtorch() + ", bound by JavaCPP " + built.javacpp());
    } else {
      warn(
          "libtorch",
          found + " is on the class path, fastai4j was built with " + expected,
          "take the other pytorch jar off the class path");
    }
    ok("Java", Versions.java() + ", " + System.getProperty("java.home"));
    ok("OS", Versions.os());
    ok("CPU", cpuModel() + (engineWorks ? ", libtorch uses " + Torch.cpuCapability() : ""));
    if (engineWorks && !Torch.isMkldnnEnabled()) {
      warn(
          "oneDNN",
          "is off: this virtual machine hides the caches of its processor",
          "let the host pass its CPU on ('host-passthrough'); nets that convolve are slower so");
    }
  }

  private List<Finding> selfTest() {
    section = "Self-test";
    long start = System.nanoTime();
    try {
      Tensor x = Tensor.of(new float[] {1, 2, 3}).requiresGrad_();
      double first = (System.nanoTime() - start) / 1e9;
      double since = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
      x.mul(x).sum().backward();
      engineWorks = true;
      String gradient = x.grad().toString();
      if (!gradient.contains("2") || !gradient.contains("4") || !gradient.contains("6")) {
        wrong("gradient", "of x*x at 1, 2, 3 is " + gradient, "report this with your CPU's model");
      } else {
        ok("gradient", "of x*x at 1, 2, 3 is " + gradient);
      }
      ok(
          "first tensor",
          String.format(Locale.ROOT, "took %.2f s, %.2f s after Java began", first, since));
      Tensor a = Tensor.randn(512, 512);
      a.matmul(a);
      long from = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        a.matmul(a);
      }
      double gflops = 10 * 2.0 * 512 * 512 * 512 / (System.nanoTime() - from);
      ok("matrix product", String.format(Locale.ROOT, "512x512 at %.0f GFLOP/s", gflops));
    } catch (RuntimeException | LinkageError e) {
      wrong("first tensor", firstLine(e), mendEngine(e));
    }
    List<Finding> result = List.copyOf(findings);
    findings.clear();
    return result;
  }

  private void nativeLibraries() {
    section = "Native libraries";
    ok("platform", Torch.platform());
    String forGpus = "org/bytedeco/pytorch/" + Torch.platform() + "-gpu/" + library("jnitorch");
    nativeJar(
        Doctor.class.getResource("/" + forGpus) != null ? forGpus : forGpus.replace("-gpu/", "/"),
        "libtorch from");
    nativeJar(
        "org/bytedeco/openblas/" + Torch.platform() + "/" + library("jniopenblas_nolapack"),
        "OpenBLAS from");
    ok("unpacked in", Torch.nativeCache().toString());
    Map<String, Path> mapped = mappedLibraries();
    if (mapped.isEmpty() && !engineWorks) {
      warn("mapped", "none, since the engine does not start", "see the self-test");
    } else if (mapped.isEmpty()) {
      ok("mapped", "not known on this system");
    }
    Path cache = real(Torch.nativeCache());
    mapped.forEach(
        (name, path) -> {
          String size = Folders.readable(path.toFile().length());
          if (path.startsWith(cache)) {
            ok(name, size + " from our cache");
          } else {
            warn(
                name,
                size + " from " + path + ", not from our cache",
                "unset LD_LIBRARY_PATH and LD_PRELOAD, or remove that library");
          }
        });
    for (String variable : List.of("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH")) {
      if (env.containsKey(variable)) {
        ok(variable, env.get(variable) + " (fastai4j opens its libraries by full path)");
      }
    }
  }

  private void nativeJar(String resource, String name) {
    URL url = Doctor.class.getClassLoader().getResource(resource);
    if (url == null) {
      wrong(
          name,
          "no jar on the class path has " + resource,
          "add the 'pytorch', 'openblas' and 'javacpp' jars with the classifier "
              + Torch.platform()
              + " (linux-x86_64, macosx-arm64, macosx-x86_64 and windows-x86_64 exist)");
      return;
    }
    String text = url.toString();
    int end = text.indexOf("!/");
    if (end < 0) {
      ok(name, text);
      return;
    }
    Path jar = Path.of(URI.create(text.substring("jar:".length(), end)));
    ok(name, jar + " (" + Folders.readable(jar.toFile().length()) + ")");
  }

  private static String library(String name) {
    return switch (Torch.platform().substring(0, Torch.platform().indexOf('-'))) {
      case "windows" -> name + ".dll";
      case "macosx" -> "lib" + name + ".dylib";
      default -> "lib" + name + ".so";
    };
  }

  /** The engine's libraries that this process has really opened, by name; only Linux tells. */
  private static Map<String, Path> mappedLibraries() {
    Map<String, Path> mapped = new TreeMap<>();
    Path maps = Path.of("/proc/self/maps");
    if (!Files.isReadable(maps)) {
      return mapped;
    }
    try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
      lines
          .filter(line -> line.indexOf('/') > 0)
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .distinct()
          .filter(path -> ENGINE_LIBRARY.matcher(path.getFileName().toString()).matches())
          .forEach(
              path -> {
                String name = path.getFileName().toString();
                mapped.put(mapped.containsKey(name) ? name + " (second)" : name, path);
              });
    } catch (IOException | UncheckedIOException e) {
      return new TreeMap<>();
    }
    return mapped;
  }

  private void device() {
    section = "Device";
    if (!engineWorks) {
      wrong("in use", "none: the engine does not start", "see the self-test");
      return;
    }
    if (Device.cuda(0).isAvailable()) {
      ok("in use", "cpu; cuda:0 is available too");
      return;
    }
    if (Device.MPS.isAvailable()) {
      ok("in use", "cpu; mps is available too");
      return;
    }
    ok("in use", "cpu");
    Optional<String> driver = Devices.nvidiaDriver();
    if (driver.isEmpty()) {
      ok("why no GPU", "no NVIDIA driver was found on this machine");
    } else if (!Devices.hasCudaNatives()) {
      warn(
          "why no GPU",
          "there is an NVIDIA driver (" + driver.get() + "), but the native libraries are for CPUs",
          "build with './mvnw -Pgpu -Dquick package', which takes the natives for GPUs (458 MB)");
    } else {
      warn(
          "why no GPU",
          "the GPU libraries are there, but they found no device through driver " + driver.get(),
          "see whether 'nvidia-smi' lists a device, and whether CUDA_VISIBLE_DEVICES hides it");
    }
  }

  private void threads() {
    section = "Threads";
    int cores = Runtime.getRuntime().availableProcessors();
    ok("cores", cores + " for this process");
    if (engineWorks) {
      int threads = Torch.getNumThreads();
      if (threads < cores && env.containsKey("OMP_NUM_THREADS")) {
        warn(
            "libtorch",
            threads + " of " + cores + " cores",
            "unset OMP_NUM_THREADS, or call Torch.setNumThreads(" + cores + ")");
      } else if (threads < cores) {
        ok("libtorch", threads + " in one operation, hyper-threads of a core counted once");
      } else if (threads > cores) {
        warn(
            "libtorch",
            threads + " threads on " + cores + " cores wait for each other",
            "unset OMP_NUM_THREADS, or call Torch.setNumThreads(" + cores + ")");
      } else {
        ok("libtorch", threads + " in one operation");
      }
      ok(
          "BLAS",
          Torch.getBlasThreads()
              + " in one matrix product (more makes small ones ten times slower)");
    }
    for (String variable : THREAD_VARIABLES) {
      boolean asTheEngineSetsIt =
          variable.equals("OPENBLAS_NUM_THREADS") && "1".equals(env.get(variable));
      if (env.containsKey(variable) && !asTheEngineSetsIt) {
        warn(
            variable,
            "is set to " + env.get(variable),
            "unset it: fastai4j chooses the fast numbers itself");
      }
    }
    for (String variable : KERNEL_VARIABLES) {
      if (!env.getOrDefault(variable, "").isEmpty()) {
        warn(
            variable,
            "is set to " + env.get(variable) + ", which can halve the speed of matrix products",
            "unset it: this OpenBLAS knows the processor itself");
      }
    }
  }

  private void memory() {
    section = "Memory";
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os) {
      long total = os.getTotalMemorySize();
      ok("this machine", Folders.readable(total));
      long free = availableMemory().orElse(os.getFreeMemorySize());
      if (free < 700_000_000) {
        warn("available", Folders.readable(free), "close other programs: the chapter needs 700 MB");
      } else {
        ok("available", Folders.readable(free));
      }
    }
    for (String limit :
        List.of("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")) {
      Path path = Path.of(limit);
      if (Files.isReadable(path)) {
        lines(path)
            .findFirst()
            .filter(value -> value.matches("\\d{1,15}"))
            .map(Long::parseLong)
            .ifPresent(bytes -> ok("container limit", Folders.readable(bytes)));
      }
    }
    ok(
        "Java heap",
        "at most "
            + Folders.readable(Runtime.getRuntime().maxMemory())
            + " (tensors live outside it)");
  }

  private static Optional<Long> availableMemory() {
    Path meminfo = Path.of("/proc/meminfo");
    if (!Files.isReadable(meminfo)) {
      return Optional.empty();
    }
    return lines(meminfo)
        .filter(line -> line.startsWith("MemAvailable:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst();
  }

  private void caches() {
    section = "Caches";
    folder("native libraries", Torch.nativeCache(), 450_000_000, "org.bytedeco.javacpp.cachedir");
    String home = env.getOrDefault("FASTAI_HOME", "");
    Path fastai =
        home.isEmpty() ? Path.of(System.getProperty("user.home"), ".fastai") : Path.of(home);
    folder("data sets", fastai, 100_000_000, "FASTAI_HOME");
  }

  private void folder(String name, Path folder, long needs, String setting) {
    long size = Folders.size(folder);
    Path there = Folders.existing(folder);
    String held = Files.exists(folder) ? "holds " + Folders.readable(size) : "not made yet";
    String text = folder + ", " + held;
    if (!Folders.canBeMade(folder)) {
      String mend = "make it writable, or set " + setting + " to another folder";
      if (size > 0) {
        warn(name, text + ", read-only", mend);
      } else {
        wrong(name, text + ", cannot be written", mend);
      }
      return;
    }
    try {
      FileStore disk = Files.getFileStore(there);
      long free = disk.getUsableSpace();
      text += ", " + Folders.readable(free) + " free on its disk";
      if (size + free < needs) {
        wrong(name, text, "free " + Folders.readable(needs) + ", or set " + setting);
        return;
      }
    } catch (IOException e) {
      text += ", free space unknown";
    }
    ok(name, text);
  }

  private Finding network() {
    try {
      HttpURLConnection connection = (HttpURLConnection) dataHost.toURL().openConnection();
      connection.setConnectTimeout(3000);
      connection.setReadTimeout(3000);
      connection.setInstanceFollowRedirects(false);
      connection.setRequestMethod("HEAD");
      int status = connection.getResponseCode();
      connection.disconnect();
      return new Finding(
          "Network", "data sets' host", dataHost + " answers (" + status + ")", Level.OK, "");
    } catch (IOException e) {
      return unreachable(e.getClass().getSimpleName());
    }
  }

  private Finding unreachable(String why) {
    return new Finding(
        "Network",
        "data sets' host",
        dataHost + " cannot be reached (" + why + ")",
        Level.WARN,
        "nothing needs it: offline, the built-in data is used; behind a proxy, set"
            + " FASTAI4J_OPTS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'");
  }

  private void fonts() {
    section = "Plots";
    try {
      BufferedImage image = new BufferedImage(60, 20, BufferedImage.TYPE_BYTE_GRAY);
      Graphics2D g = image.createGraphics();
      g.setColor(Color.WHITE);
      g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      g.drawString("0123", 2, 15);
      String family =
          g.getFont().getFamily(Locale.ROOT) + " as " + g.getFont().getFontName(Locale.ROOT);
      g.dispose();
      boolean drawn = false;
      for (int x = 0; x < image.getWidth() && !drawn; x++) {
        for (int y = 0; y < image.getHeight() && !drawn; y++) {
          drawn = (image.getRGB(x, y) & 0xff) > 128;
        }
      }
      if (drawn) {
        ok("fonts", family + ", drawn without a display");
      } else {
        wrong("fonts", "text stays invisible: " + family, MEND_FONTS);
      }
    } catch (RuntimeException | LinkageError | InternalError e) {
      wrong("fonts", "no text can be drawn: " + firstLine(e), MEND_FONTS);
    }
  }

  private static String cpuModel() {
    Path cpuinfo = Path.of("/proc/cpuinfo");
    if (Files.isReadable(cpuinfo)) {
      return lines(cpuinfo)
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    return windows != null ? windows : System.getProperty("os.arch", "unknown");
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath();
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("")
        + " ("
        + e.getClass().getSimpleName()
        + ")";
  }

  private static String mendEngine(Throwable e) {
    return (e instanceof LinkageError ? "" : "see what it says; otherwise ")
        + "delete "
        + System.getProperty("org.bytedeco.javacpp.cachedir", "~/.javacpp/cache")
        + " and run again"
        + (e instanceof LinkageError ? "; if that does not help, see 'Native libraries'" : "");
  }

  private void ok(String name, String value) {
    findings.add(new Finding(section, name, value, Level.OK, ""));
  }

  private void warn(String name, String value, String mend) {
    findings.add(new Finding(section, name, value, Level.WARN, mend));
  }

  private void wrong(String name, String value, String mend) {
    findings.add(new Finding(section, name, value, Level.WRONG, mend));
  }
}
