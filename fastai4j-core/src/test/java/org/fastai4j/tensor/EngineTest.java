package org.fastai4j.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts of the engine, each in a process of its own, on caches of their own: where the system has
 * a libtorch, a wrong order of loading ends in a crash of the process, not in an exception.
 */
class EngineTest {
  private record Ended(int status, String output) {}

  private static Path cache = Path.of("");
  private static List<Ended> firstTwo = List.of();

  @BeforeAll
  static void startTwoAtOnceOnAnEmptyCache(@TempDir Path dir) throws Exception {
    cache = Files.createDirectory(dir.resolve("cache"));
    Process one = start(cache);
    Process two = start(cache);
    firstTwo = List.of(end(one), end(two));
  }

  @Test
  void startsFromAnEmptyCacheEvenTwiceAtOnce() {
    assertThat(firstTwo).containsExactly(new Ended(0, "sum 12.0"), new Ended(0, "sum 12.0"));
    assertThat(library().toFile()).isNotEmpty();
  }

  @Test
  void startsAgainWithoutUnpacking() throws Exception {
    Map<Path, FileTime> before = libraries();
    assertThat(end(start(cache))).isEqualTo(new Ended(0, "sum 12.0"));
    assertThat(libraries()).isEqualTo(before);
  }

  @Test
  void healsALibraryThatWasCutShort() throws Exception {
    Path library = library();
    long whole = Files.size(library);
    try (FileChannel c = FileChannel.open(library, StandardOpenOption.WRITE)) {
      c.truncate(whole / 3);
    }
    assertThat(end(start(cache))).isEqualTo(new Ended(0, "sum 12.0"));
    assertThat(Files.size(library)).isEqualTo(whole);
  }

  @Test
  void tellsWhatToDoWhenThereIsNoFolderToUnpackTo(@TempDir Path dir) throws Exception {
    Path file = Files.createFile(dir.resolve("a-file"));
    Ended refused = end(start(file, "-Duser.home=" + file, "-Djava.io.tmpdir=" + file));
    assertThat(refused.status).as(refused.output).isEqualTo(EngineMain.REFUSED);
    assertThat(refused.output)
        .startsWith("refused no folder to unpack the native libraries to: neither " + file)
        .contains("set -Dorg.bytedeco.javacpp.cachedir to a folder that can");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void keepsTheMemoryOfFreedTensorsForTheNext() throws Exception {
    Ended counted = end(start(cache, "faults"));
    assertThat(counted.output).startsWith("faults ");
    assertThat(Long.parseLong(counted.output.substring("faults ".length())))
        .as("pages of 20 MB, of 5,120")
        .isLessThan(500);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void keepsAThreadThatMakesOpenMpSpinBrieflyUnlessTheUserSaysHowLong() throws Exception {
    assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
    assertThat(end(process(cache, Map.of(), "threads")).output)
        .isEqualTo("threads [fastai4j-idle]");
    assertThat(end(process(cache, Map.of("GOMP_SPINCOUNT", "2000"), "threads")).output)
        .isEqualTo("threads []");
  }

  @Test
  void takesNoMoreThreadsThanTheProcessHasCoresUnlessTheUserDoes() throws Exception {
    String[] oneCore = {"-XX:ActiveProcessorCount=1", "cores"};
    assertThat(end(process(cache, Map.of(), oneCore)).output).isEqualTo("cores 1");
    assertThat(end(process(cache, Map.of("OMP_NUM_THREADS", "2"), oneCore)).output)
        .isEqualTo("cores 2");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void takesAThreadForEachCoreThatTheSystemTellsOf() throws Exception {
    int available = Runtime.getRuntime().availableProcessors();
    int told = Engine.cores(Path.of("/sys/devices/system/cpu"));
    assumeThat(told).as("cores that the system tells of").isPositive();
    String output = end(process(cache, Map.of(), "cores")).output;
    assertThat(Integer.parseInt(output.substring("cores ".length())))
        .isBetween(Math.min(available, told), available);
  }

  @Test
  void countsHyperThreadsOfACoreOnceAndNoCoresThatAreSwitchedOff(@TempDir Path cpus)
      throws Exception {
    String[] siblings = {"0,2", "1,3", "0,2", "1,3", ""};
    for (int i = 0; i < siblings.length; i++) {
      Path topology = Files.createDirectories(cpus.resolve("cpu" + i + "/topology"));
      if (!siblings[i].isEmpty()) {
        Files.writeString(topology.resolve("thread_siblings_list"), siblings[i] + "\n");
      }
    }
    Files.createDirectory(cpus.resolve("cpufreq"));
    assertThat(Engine.cores(cpus)).isEqualTo(2);
    assertThat(Engine.cores(cpus.resolve("elsewhere"))).isZero();
  }

  /** Options begin with a dash; other words are for {@link EngineMain}. */
  private static Process start(Path cache, String... words) throws IOException {
    return process(cache, Map.of(), words);
  }

  private static Process process(Path cache, Map<String, String> environment, String... words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.add("-Dorg.bytedeco.javacpp.cachedir=" + cache);
    command.addAll(Stream.of(words).filter(w -> w.startsWith("-")).toList());
    command.add(EngineMain.class.getName());
    command.addAll(Stream.of(words).filter(w -> !w.startsWith("-")).toList());
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process
        .environment()
        .keySet()
        .removeAll(List.of("GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "OMP_NUM_THREADS"));
    process.environment().putAll(environment);
    return process.start();
  }

  private static Ended end(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended, after %s", output).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private static Path library() {
    return libraries().keySet().stream()
        .filter(p -> requireNonNull(p.getFileName()).toString().contains("torch_cpu"))
        .findFirst()
        .orElseThrow();
  }

  private static Map<Path, FileTime> libraries() {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path p : files.filter(Files::isRegularFile).toList()) {
        if (!p.endsWith(".lock")) {
          times.put(p, Files.getLastModifiedTime(p));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return times;
  }
}
