package org.fastai4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Facts about this process. */
final class Processes {
  private Processes() {}

  /** Seconds since the process was started, the JVM's own start included. */
  static double secondsSinceStart() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> (System.currentTimeMillis() - start.toEpochMilli()) / 1000.0)
        .orElse(Double.NaN);
  }

  /**
   * The most memory the process has had, in millions of bytes; -1 where the system does not say.
   */
  static long peakRssMegabytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000;
        }
      }
    } catch (IOException e) {
      return -1; // not Linux
    }
    return -1;
  }
}
