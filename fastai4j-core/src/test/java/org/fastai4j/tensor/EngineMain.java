package org.fastai4j.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What the processes of {@link EngineTest} do: the first op of a program. */
final class EngineMain {
  static final int REFUSED = 3;

  private static final int ROUNDS = 50;

  private EngineMain() {}

  public static void main(String[] args) throws IOException {
    if (List.of(args).contains("faults")) {
      System.out.println("faults " + faultsOfARound());
      return;
    }
    if (List.of(args).contains("cores")) {
      System.out.println("cores " + Torch.getNumThreads());
      return;
    }
    if (List.of(args).contains("threads")) {
      Torch.getNumThreads();
      System.out.println(
          "threads "
              + Thread.getAllStackTraces().keySet().stream()
                  .map(Thread::getName)
                  .filter(name -> name.equals("fastai4j-idle"))
                  .toList());
      return;
    }
    try {
      System.out.println("sum " + Tensor.ones(2, 3).matmul(Tensor.ones(3, 2)).sum().item());
    } catch (TensorException e) {
      System.out.println("refused " + e.getMessage());
      System.exit(REFUSED);
    }
  }

  /**
   * How many pages the system brings for five tensors of 4 MB, made and freed again and again: the
   * median of the rounds, for the compiler and the garbage collector take pages meanwhile.
   */
  private static long faultsOfARound() throws IOException {
    long[] rounds = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long before = faults();
      round();
      rounds[i] = faults() - before;
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  private static void round() {
    Scope.run(
        () -> {
          for (int i = 0; i < 5; i++) {
            Tensor.ones(1 << 20);
          }
        });
  }

  /** Those without reading a disk: the tenth field of the line, the eighth after the name. */
  private static long faults() throws IOException {
    String line = Files.readString(Path.of("/proc/self/stat"));
    return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[7]);
  }
}
