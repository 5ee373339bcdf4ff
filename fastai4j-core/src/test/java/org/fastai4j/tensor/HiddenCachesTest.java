package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fastai4j.tensor.HiddenCaches.Range;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiddenCachesTest {
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  /** Where caches are hidden and nothing is done, some are wrong, and the last ends the process. */
  @Test
  void leavesConvolutionsRightOnThisMachine() {
    long[][] shapes = {{3, 512, 2}, {16, 512, 7}, {256, 512, 3}, {128, 1024, 4}, {256, 1024, 7}};
    for (long[] shape : shapes) {
      Tensor x = Tensor.randn(20, shape[0], shape[2], shape[2]);
      Tensor kernel = Tensor.randn(shape[1], shape[0], 1, 1);
      Tensor expected =
          x.to(DType.FLOAT64).conv2d(kernel.to(DType.FLOAT64), ONE, NONE, ONE, 1).toFloat();
      TensorAssert.assertThat(x.conv2d(kernel, ONE, NONE, ONE, 1)).isCloseTo(expected, 1e-3, 1e-4);
      TensorAssert.assertThat(x.channelsLast().conv2d(kernel.channelsLast(), ONE, NONE, ONE, 1))
          .as("%d to %d channels, %d pixels", shape[0], shape[1], shape[2])
          .isCloseTo(expected, 1e-3, 1e-4);
    }
  }

  @Test
  void knowsWhetherCachesAreToldWhereTheyAreRead(@TempDir Path dir) throws IOException {
    Path caches = dir.resolve("cache");
    Path amd = processors(dir, "AuthenticAMD", "fpu topoext sse");
    Path older = processors(dir, "AuthenticAMD", "fpu mytopoext sse");
    Path intel = processors(dir, "GenuineIntel", "fpu sse");
    assertThat(HiddenCaches.areTold(amd, caches)).isFalse();
    assertThat(HiddenCaches.areTold(intel, caches)).isFalse();
    Files.createDirectory(caches);
    assertThat(HiddenCaches.areTold(amd, caches)).isTrue();
    assertThat(HiddenCaches.areTold(older, caches)).isFalse();
    assertThat(HiddenCaches.areTold(intel, caches)).isTrue();
    assertThat(HiddenCaches.areTold(dir.resolve("none"), caches)).isTrue();
  }

  private static Path processors(Path dir, String vendor, String flags) throws IOException {
    String first = "processor\t: 0\nvendor_id\t: %s\nflags\t\t: %s\n".formatted(vendor, flags);
    String second = "\nprocessor\t: 1\nvendor_id\t: AuthenticAMD\nflags\t\t: \n";
    return Files.writeString(Files.createTempFile(dir, "cpuinfo", ""), first + second);
  }

  @Test
  void findsThreeCachesOfOneByteAndNoOthers() {
    int[] words = new int[60];
    write(words, 7, 1);
    assertThat(HiddenCaches.cachesOfOneByte(words)).containsExactly(7);
    write(words, 36, 1);
    assertThat(HiddenCaches.cachesOfOneByte(words)).containsExactly(7, 36);

    write(words, 7, 32 << 10);
    write(words, 36, 1);
    words[56] = 0; // already forgotten
    assertThat(HiddenCaches.cachesOfOneByte(words)).isEmpty();
    assertThat(HiddenCaches.cachesOfOneByte(new int[5])).isEmpty();
  }

  private static void write(int[] words, int at, int size) {
    for (int i = 0; i < 3; i++) {
      words[at + i] = size;
      words[at + 10 + i] = 1 + i;
    }
    words[at + 20] = 3;
  }

  @Test
  void readsWhereTheVariablesOfALibraryAre() {
    List<String> maps =
        List.of(
            "6010000-6020000 rw-p 00000000 00:00 0 ",
            "7f10000000-7f10001000 r--p 00000000 08:01 77                  /a b/liba.so",
            "7f10001000-7f10002000 r-xp 00001000 08:01 77                  /a b/liba.so",
            "7f10002000-7f10003000 rw-p 00002000 08:01 77                  /a b/liba.so",
            "7f10003000-7f10005000 rw-p 00000000 00:00 0 ",
            "7f10005000-7f10006000 rw-p 00000000 00:00 0 ",
            "7f10006000-7f10007000 rw-p 00000000 08:01 78                  /a b/libb.so",
            "7f10008000-7f10009000 rw-p 00000000 00:00 0",
            "7ffe000000-7ffe001000 rw-p 00000000 00:00 0                   [stack]");
    assertThat(HiddenCaches.writable(maps, "/liba.so"))
        .containsExactly(
            new Range(0x7f10002000L, 0x7f10003000L), new Range(0x7f10003000L, 0x7f10005000L));
    assertThat(HiddenCaches.writable(maps, "/libb.so"))
        .containsExactly(new Range(0x7f10006000L, 0x7f10007000L));
    assertThat(HiddenCaches.writable(maps, "/libc.so")).isEmpty();
  }
}
