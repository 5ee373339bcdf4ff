package org.fastai4j.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Settings and facts of the engine as a whole: seed, threads, versions.
 *
 * <p>{@link #version}, {@link #platform} and {@link #nativeCache} do not load the engine.
 */
public final class Torch {
  private Torch() {}

  /**
   * Begins to open the engine on a thread of its own, which takes half a second, and returns at
   * once. What goes wrong is told by the first operation.
   */
  public static void preload() {
    Thread opener = new Thread(Engine::begin, "fastai4j-engine");
    opener.setDaemon(true);
    opener.start();
  }

  /** Seeds the generator that draws weights, shuffles and noise, as {@code torch.manual_seed}. */
  public static void manualSeed(long seed) {
    Engine.load();
    torch.manual_seed(seed);
  }

  /**
   * Seeds all there is to draw: weights, shuffling, augmentation and dropout; fastai's {@code
   * set_seed}. The same program then gives the same weights to the bit on the same machine, however
   * many threads the data loaders have. The number of threads of an operation has to be the same
   * too: {@link #setNumThreads} decides in how many parts long sums are added up.
   */
  public static void setSeed(long seed) {
    manualSeed(seed);
  }

  /** The state of the random generator, to be put back with {@link #setRngState}. */
  public static Tensor getRngState() {
    Engine.load();
    return Tensor.guard(
        "getRngState",
        () -> {
          try (Generator g = torch.getDefaultCPUGenerator()) {
            return Tensor.own(g.get_state());
          }
        });
  }

  /** Puts the random generator into a state that {@link #getRngState} returned. */
  public static void setRngState(Tensor state) {
    Engine.load();
    Tensor.guard(
        "setRngState",
        () -> {
          try (Generator g = torch.getDefaultCPUGenerator()) {
            g.set_state(state.h());
            return state;
          }
        },
        state);
  }

  /** How many threads one operation may use. */
  public static int getNumThreads() {
    Engine.load();
    return torch.get_num_threads();
  }

  /**
   * Sets how many threads one operation may use; one for each core unless set. Matrix products keep
   * to one thread unless {@link #setBlasThreads} says more. Small nets have one whatever is set
   * here, in predictions, and in fits unless they convolve; a learner's builder can say otherwise.
   */
  public static void setNumThreads(int threads) {
    if (threads < 1) {
      throw new TensorException("setNumThreads: " + threads + " threads; use 1 or more");
    }
    Engine.load();
    torch.set_num_threads(threads);
  }

  /**
   * Runs {@code body} with {@code threads} threads for each operation of this Java thread. One is
   * right for small operations: threads that wait for each other cost more than they bring, above
   * all on a busy machine.
   */
  public static void withNumThreads(int threads, Runnable body) {
    withNumThreads(
        threads,
        () -> {
          body.run();
          return true;
        });
  }

  /** The value of {@code body}, computed as {@link #withNumThreads(int, Runnable)} does. */
  public static <T> T withNumThreads(int threads, Supplier<T> body) {
    int before = getNumThreads();
    setNumThreads(threads);
    try {
      return body.get();
    } finally {
      setNumThreads(before);
    }
  }

  /**
   * The value of {@code body}, in which products and convolutions of float32 tensors on {@code
   * device} are computed in {@code dtype}, as {@code with torch.autocast(device, dtype):}. What
   * needs the precision, such as losses and norms, stays in float32; so do weights and gradients.
   * It holds for this Java thread alone.
   *
   * @param dtype {@code BFLOAT16} or {@code FLOAT16}
   */
  public static <T> T withAutocast(Device device, DType dtype, Supplier<T> body) {
    Engine.load();
    DeviceType type = device.deviceType();
    boolean enabled = torch.is_autocast_enabled(type);
    ScalarType before = torch.get_autocast_dtype(type);
    torch.increment_nesting();
    torch.set_autocast_dtype(type, dtype.scalarType);
    torch.set_autocast_enabled(type, true);
    try {
      return body.get();
    } finally {
      torch.set_autocast_enabled(type, enabled);
      torch.set_autocast_dtype(type, before);
      if (torch.decrement_nesting() == 0) {
        torch.clear_cache(); // the converted weights, which the next step makes old
      }
    }
  }

  /** Whether {@link #withAutocast} is in force for {@code device} on this thread. */
  public static boolean isAutocastEnabled(Device device) {
    Engine.load();
    return torch.is_autocast_enabled(device.deviceType());
  }

  /**
   * Sets the threads of one float32 matrix product, for the whole process. More than one speeds up
   * large products by up to 1.8 times, if the environment has {@code OPENBLAS_THREAD_TIMEOUT=16}: a
   * thread of OpenBLAS that waits then sleeps soon. Without, it spins, and other operations wait
   * for its core: small products become ten times slower. Where other programs use the cores, one
   * thread is faster. Sums are added up in another order, the same one at each run.
   */
  public static void setBlasThreads(int threads) {
    Engine.load();
    openblas.blas_set_num_threads(threads);
  }

  /** How many threads one matrix product may use. */
  public static int getBlasThreads() {
    Engine.load();
    return openblas.blas_get_num_threads();
  }

  /**
   * How many tensors are alive in native memory; a test that ends with more than it began leaks.
   */
  public static long liveTensors() {
    return Memory.live();
  }

  /** The version of libtorch and its Java binding, such as {@code 2.10.0-1.5.13}. */
  public static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      throw new UncheckedIOException("the pytorch jar on the class path names no version", e);
    }
  }

  /** What the processor offers that libtorch uses, such as {@code AVX2}. */
  public static String cpuCapability() {
    Engine.load();
    try (BytePointer p = torch.get_cpu_capability()) {
      return p.getString();
    }
  }

  /**
   * Whether operations on a CPU may be oneDNN's, as {@code torch.backends.mkldnn.enabled}: always,
   * unless it computes wrong results on this machine.
   */
  public static boolean isMkldnnEnabled() {
    Engine.load();
    return torch.globalContext().userEnabledMkldnn();
  }

  /** The system and processor the native libraries are for, such as {@code linux-x86_64}. */
  public static String platform() {
    return Loader.getPlatform();
  }

  /** The folder that the native libraries are unpacked to. */
  public static Path nativeCache() {
    try {
      return Loader.getCacheDir().toPath();
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for the native libraries can be written to", e);
    }
  }
}
