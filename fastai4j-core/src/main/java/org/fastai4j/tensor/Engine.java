package org.fastai4j.tensor;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries: unpacked, opened in a safe order, and set to the threads that are fastest.
 *
 * <p>JavaCPP opens {@code libtorch.so} before it has unpacked {@code libtorch_cpu.so}; where the
 * system has a libtorch of its own, that one is taken and the process dies. So everything is
 * unpacked first, and opened by its full path, dependencies first.
 */
final class Engine {
  private static final String TORCH = "/org/bytedeco/pytorch/";
  private static final String GPU = "-gpu";

  /** Somewhat less than the 32 MB above which glibc learns nothing. */
  private static final long LARGEST_KEPT = (32L << 20) - (64 << 10);

  private static final String BLAS = "/org/bytedeco/openblas/";

  /** For each system, the libraries; on Linux in the order they are opened. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "linux",
          List.of(
              BLAS + "libgcc_s.so.1",
              BLAS + "libquadmath.so.0",
              BLAS + "libgfortran.so.5",
              BLAS + "libopenblas.so.0",
              TORCH + "libgomp.so.1",
              TORCH + "libc10.so",
              TORCH + "libtorch_cpu.so",
              TORCH + "libc10_cuda.so",
              TORCH + "libtorch_cuda.so",
              TORCH + "libtorch.so"),
          "macosx",
          List.of(
              BLAS + "libopenblas.0.dylib",
              TORCH + "libiomp5.dylib",
              TORCH + "libc10.dylib",
              TORCH + "libtorch_cpu.dylib",
              TORCH + "libtorch.dylib"),
          "windows",
          List.of());

  private static final Path CPUS = Path.of("/sys/devices/system/cpu");

  private static final long ENOUGH_FOR_TWO = 1 << 16;

  private static final @Nullable Throwable FAILURE;

  static {
    FAILURE = open();
  }

  private Engine() {}

  /** Opens the libraries if they are not open yet; the first call takes about half a second. */
  static void load() {
    if (FAILURE != null) {
      throw new TensorException(advice(FAILURE), FAILURE);
    }
  }

  /** Opens the libraries if they are not open yet; {@link #load} tells a failure. */
  static void begin() {}

  static boolean hasCuda() {
    load();
    return torch.hasCUDA();
  }

  static boolean hasMps() {
    load();
    return torch.hasMPS();
  }

  private static @Nullable Throwable open() {
    // With these on, JavaCPP asks the system for the memory in use at every new tensor; Memory
    // keeps count more cheaply.
    setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    setDefault("org.bytedeco.javacpp.maxBytes", "0");
    try {
      String platform = Loader.getPlatform();
      List<String> libraries =
          LIBRARIES.getOrDefault(platform.substring(0, platform.indexOf('-')), List.of());
      boolean gpu = resource(TORCH + "libtorch_cuda.so", platform + GPU) != null;
      if (gpu) {
        Cuda.require(platform);
      }
      Map<String, URL> files = new HashMap<>();
      List<File> opened = new ArrayList<>();
      for (String library : libraries) {
        boolean cuda = gpu && library.startsWith(TORCH);
        URL resource = resource(library, cuda ? platform + GPU : platform);
        if (resource != null) {
          File unpacked = Loader.cacheResource(resource);
          files.put(unpacked.getName(), resource);
          // Those that need CUDA's are opened by the Loader, after CUDA's; and on macOS all are,
          // when it has linked those of other folders to where libtorch looks for them.
          if (!cuda && platform.startsWith("linux")) {
            opened.add(unpacked);
          }
        }
      }
      for (File library : opened) {
        System.load(library.getPath());
      }
      if (!gpu && !opened.isEmpty()) {
        FoundLibraries.tell(files, torch.class, openblas.class, openblas_nolapack.class);
      }
      Loader.load(openblas.class);
      // OpenBLAS' own threads and libtorch's OpenMP threads wait for each other in turns: with both
      // at two, a small product takes ten times longer. libtorch keeps its threads. The smaller
      // binding, openblas_nolapack, would set those of a copy that libtorch does not use.
      openblas.blas_set_num_threads(1);
      Loader.load(torch.class);
      HiddenCaches.forget(platform);
      keepFreedMemory();
      if (System.getenv("OMP_NUM_THREADS") == null) {
        useEachCoreOnce();
      }
      if (platform.startsWith("linux")
          && System.getenv("GOMP_SPINCOUNT") == null
          && System.getenv("OMP_WAIT_POLICY") == null) {
        spinBriefly();
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    } catch (IOException | RuntimeException | LinkageError e) {
      return e;
    }
  }

  /**
   * One thread for each core that the process may use, as Java counts them: fewer than the machine
   * has in a container or under {@code taskset}. libtorch counts the machine's. Two threads on one
   * core wait for each other in loops that spin: an epoch of resnet18 that takes 11 s on one did
   * not end in a minute. And some virtual machines of two cores look to libtorch like one with two
   * hyper-threads, where Linux knows better.
   */
  private static void useEachCoreOnce() {
    int counted = torch.get_num_threads();
    int available = Runtime.getRuntime().availableProcessors();
    int threads =
        counted < available ? Math.max(counted, Math.min(available, cores(CPUS))) : available;
    if (threads != counted) {
      torch.set_num_threads(threads);
    }
  }

  /** How many cores Linux tells of in a folder, hyper-threads counted once; 0 elsewhere. */
  static int cores(Path cpus) {
    Set<String> cores = new HashSet<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
      for (Path cpu : folders) {
        Path siblings = cpu.resolve("topology/thread_siblings_list");
        if (Files.exists(siblings)) { // not of a core that is switched off
          cores.add(Files.readString(siblings));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return 0;
    }
    return cores.size();
  }

  /**
   * Makes the C library keep freed memory for the next tensor. glibc gives blocks above 128 KB back
   * to the system at once, and each new one costs a page fault for every 4 KB; but the largest such
   * block freed so far is its new bound, up to 32 MB. An epoch of a small convolutional net took
   * 1.5 s with this, 1.5 to 3 without.
   */
  private static void keepFreedMemory() {
    Pointer.free(Pointer.malloc(LARGEST_KEPT));
  }

  /**
   * Makes OpenMP's threads spin briefly while they wait for each other, and then sleep. libgomp
   * spins for milliseconds as long as it has started no more threads than there are cores; on a
   * busy machine the thread waited for cannot run then, and a step that takes 5 ms took 300. So one
   * thread more is started, and sleeps for good. {@code GOMP_SPINCOUNT} and {@code OMP_WAIT_POLICY}
   * say otherwise.
   */
  private static void spinBriefly() throws InterruptedException {
    int threads = torch.get_num_threads();
    if (threads < 2) {
      return;
    }
    CountDownLatch started = new CountDownLatch(1);
    Thread idle = new Thread(new Idle(started), "fastai4j-idle");
    idle.setDaemon(true);
    idle.start();
    started.await();
    torch.set_num_threads(threads);
  }

  private static @Nullable URL resource(String library, String platform) {
    int name = library.lastIndexOf('/') + 1;
    return Engine.class.getResource(
        library.substring(0, name) + platform + "/" + library.substring(name));
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static String advice(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof TensorException) {
      return message;
    }
    if (message.contains("No space left")) {
      return "the disk is full: the native libraries need 450 MB in "
          + System.getProperty("org.bytedeco.javacpp.cachedir", "~/.javacpp/cache")
          + "; free some, or set -Dorg.bytedeco.javacpp.cachedir to a folder on another disk";
    }
    if (message.contains("Could not create the cache")) {
      return "no folder to unpack the native libraries to: neither "
          + System.getProperty("org.bytedeco.javacpp.cachedir", "the one set")
          + " nor the home nor the temporary folder can be written; set"
          + " -Dorg.bytedeco.javacpp.cachedir to a folder that can, with 450 MB free";
    }
    return "the native libraries for "
        + Loader.getPlatform()
        + " could not be opened ("
        + message.lines().findFirst().orElse(failure.getClass().getSimpleName())
        + "); supported are linux-x86_64, macosx-arm64, macosx-x86_64 and windows-x86_64, each with"
        + " its own 'pytorch' and 'openblas' jars on the class path";
  }

  /** A class of its own: code of {@link Engine} waits in other threads until that one is open. */
  private record Idle(CountDownLatch started) implements Runnable {
    @Override
    public void run() {
      torch.set_num_threads(2);
      torch.ones(ENOUGH_FOR_TWO).close();
      started.countDown();
      while (true) {
        LockSupport.park();
      }
    }
  }
}
