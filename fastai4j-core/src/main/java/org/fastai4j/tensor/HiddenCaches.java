package org.fastai4j.tensor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Virtual machines that do not tell which caches their processor has.
 *
 * <p>oneDNN 3.7, of libtorch 2.10, reads the sizes of an AMD's caches from leaf 0x8000001D of
 * {@code cpuid}. Where a virtual machine leaves that empty, it finds three caches of one byte each,
 * and plans convolutions for those: with kernels of one pixel, 512 channels and the channels last,
 * results were wrong; from 256 to 1,024 channels, it divided by zero and the process died. So it is
 * made to forget them: it takes sizes that suit any processor then, as where there is no such leaf.
 * What it has read is a static variable with no way to set it, known by its contents. Where it is
 * not found and convolutions are wrong, oneDNN is turned off, which costs speed.
 *
 * <p>NNPACK, which takes over few images, does without such a processor, and warns at each
 * convolution; it is turned off.
 */
final class HiddenCaches {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final String LIBRARY = "/libtorch_cpu.so";
  private static final int LEVELS = 3;

  /** Of sizes, and then of numbers of cores that share a cache; how many of them count follows. */
  private static final int MOST_LEVELS = 10;

  /** Where memory of the process begins and ends. */
  record Range(long begin, long end) {}

  private HiddenCaches() {}

  /** Sees to it, when the libraries are open, that convolutions are right here. */
  static void forget(String platform) {
    if (!platform.equals("linux-x86_64") || areTold(PROCESSORS, CACHES)) {
      return;
    }
    Context context = torch.globalContext();
    context.setUserEnabledNNPACK(false);
    convolve(19, 3, 5, 3, false); // oneDNN reads what the processor tells when it is first used
    forgetWhatWasRead();
    if (!isRight()) {
      context.setUserEnabledMkldnn(false);
      System.getLogger(HiddenCaches.class.getName())
          .log(
              Level.WARNING,
              "This virtual machine hides the caches of its processor, and oneDNN computes wrong"
                  + " convolutions for it. It is turned off: nets that convolve take about twice as"
                  + " long, and more in bfloat16. Let the host pass its CPU on"
                  + " ('host-passthrough').");
    }
  }

  /**
   * Whether a processor tells its caches where oneDNN reads them. Linux has no folder of caches
   * where it found none, but makes one of older leaves for an AMD that says it has no such leaf.
   */
  static boolean areTold(Path processors, Path caches) {
    if (!Files.exists(caches)) {
      return false;
    }
    boolean amd = false;
    try (BufferedReader lines = Files.newBufferedReader(processors, ISO_8859_1)) {
      String line;
      while ((line = lines.readLine()) != null && !line.isEmpty()) { // those of the first
        amd |= line.startsWith("vendor_id") && line.endsWith("AuthenticAMD");
        if (line.startsWith("flags")) {
          return !amd || List.of(line.split(" ", -1)).contains("topoext");
        }
      }
    } catch (IOException e) {
      return true;
    }
    return true;
  }

  private static void forgetWhatWasRead() {
    List<String> maps;
    try {
      maps = Files.readAllLines(Path.of("/proc/self/maps"));
    } catch (IOException e) {
      return; // whether that does harm is seen next
    }
    List<IntPointer> found = new ArrayList<>();
    for (Range range : writable(maps, LIBRARY)) {
      IntPointer memory = new IntPointer(new At(range.begin));
      int[] words = new int[Math.toIntExact((range.end - range.begin) / Integer.BYTES)];
      memory.get(words);
      for (int i : cachesOfOneByte(words)) {
        found.add(memory.getPointer(i + 2 * MOST_LEVELS));
      }
    }
    if (found.size() == 1) {
      found.get(0).put(0);
    }
  }

  /** The memory for a library's variables, in lines of {@code /proc/self/maps}. */
  static List<Range> writable(List<String> maps, String library) {
    List<Range> ranges = new ArrayList<>();
    long end = 0; // of what is known to be the library's
    for (String line : maps) { // begin-end rights offset device inode name
      String[] words = line.split(" +", 6);
      int dash = words[0].indexOf('-');
      long begin = Long.parseUnsignedLong(words[0].substring(0, dash), 16);
      Range range = new Range(begin, Long.parseUnsignedLong(words[0].substring(dash + 1), 16));
      String name = words.length < 6 ? "" : words[5];
      // Variables that are zero at first have no file, and come after those that have.
      if (name.endsWith(library) || (name.isEmpty() && range.begin == end)) {
        if (words[1].startsWith("rw")) {
          ranges.add(range);
        }
        end = name.isEmpty() ? 0 : range.end;
      }
    }
    return ranges;
  }

  /** Where among the words of a memory three caches of one byte each are told of. */
  static List<Integer> cachesOfOneByte(int[] words) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i + 2 * MOST_LEVELS < words.length; i++) {
      if (words[i] == 1 && words[i + 2 * MOST_LEVELS] == LEVELS && areOfOneByte(words, i)) {
        found.add(i);
      }
    }
    return found;
  }

  private static boolean areOfOneByte(int[] words, int at) {
    for (int i = 0; i < MOST_LEVELS; i++) {
      boolean counts = i < LEVELS;
      int sharing = words[at + MOST_LEVELS + i];
      if (words[at + i] != (counts ? 1 : 0) || (counts ? sharing < 1 : sharing != 0)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a convolution that was wrong is what it is in the other layout. */
  private static boolean isRight() {
    return convolve(17, 16, 512, 1, true) == convolve(17, 16, 512, 1, false);
  }

  /**
   * Convolves images of 2×2 pixels; of fewer than 17 images, oneDNN might not take it.
   *
   * @return a sum in which every number of the result has a weight of its own; all of it is whole
   *     numbers, small enough to be exact
   */
  private static double convolve(long n, long in, long out, long kernel, boolean channelsLast) {
    torch.MemoryFormat format =
        channelsLast ? torch.MemoryFormat.ChannelsLast : torch.MemoryFormat.Contiguous;
    try (var seven = new Scalar(7);
        var images = torch.arange(new Scalar(n * in * 4)).remainder(seven);
        var x = images.to(torch.ScalarType.Float).view(n, in, 2, 2).contiguous(format);
        var kernels = torch.arange(new Scalar(out * in * kernel * kernel)).remainder(seven);
        var w = kernels.to(torch.ScalarType.Float).view(out, in, kernel, kernel);
        var none = new TensorOptional();
        var y =
            torch.conv2d(x, w, none, new long[] {1}, new long[] {kernel / 2}, new long[] {1}, 1);
        var weights = torch.arange(new Scalar(y.numel())).view_as(y);
        var sum = y.to(torch.ScalarType.Double).mul(weights).sum()) {
      return sum.item_double();
    }
  }

  /** A place in memory. */
  private static final class At extends Pointer {
    At(long address) {
      this.address = address;
    }
  }
}
