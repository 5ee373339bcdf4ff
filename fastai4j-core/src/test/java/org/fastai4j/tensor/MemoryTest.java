package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** That memory is given back, measured as the system sees it. */
@EnabledOnOs(OS.LINUX)
class MemoryTest {
  private static final int TIMES = 20_000;
  private static final long FLOATS = 65_536; // 256 KB

  private int threads;

  @BeforeEach
  void oneThread() { // on a busy machine two would wait for each other 40,000 times
    threads = Torch.getNumThreads();
    Torch.setNumThreads(1);
  }

  @AfterEach
  void threadsAsBefore() {
    Torch.setNumThreads(threads);
  }

  @Test
  void doesNotGrowWithoutAScope() throws Exception {
    long before = residentMegabytes();
    Thread unscoped = // every test has a scope; another thread has none
        new Thread(
            () -> {
              Tensor x = Tensor.ones(FLOATS);
              for (int i = 0; i < TIMES; i++) {
                x.add(1).mul(2);
              }
            });
    AtomicReference<Throwable> failure = new AtomicReference<>();
    unscoped.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    unscoped.start();
    unscoped.join();
    assertThat(failure.get()).isNull();
    assertThat(residentMegabytes() - before).isLessThan(2000); // 10 GB were made
  }

  @Test
  void doesNotGrowWithinScopes() throws IOException {
    Tensor x = Tensor.ones(FLOATS);
    Scope.run(() -> x.add(1).mul(2));
    long before = residentMegabytes();
    for (int i = 0; i < TIMES; i++) {
      Scope.run(() -> x.add(1).mul(2));
    }
    assertThat(residentMegabytes() - before).isLessThan(200);
  }

  private static long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
