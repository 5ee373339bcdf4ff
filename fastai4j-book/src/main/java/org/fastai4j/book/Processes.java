package org.fastai4j.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Facts about this process, for what a command measures. */
public final class Processes {
  private static final int START_TIME = 19; // of the fields after the process's name
  private static final double TICKS_PER_SECOND = 100;

  private Processes() {}

  /** Seconds since the process was started, the JVM's own start included. */
  public static double secondsSinceStart() {
    try { // ProcessHandle adds to a boot time in whole seconds, so it can be off by one
      String stat = Files.readString(Path.of("/proc/self/stat"));
      List<String> fields = words(stat.substring(stat.lastIndexOf(')') + 2));
      double uptime = Double.parseDouble(words(Files.readString(Path.of("/proc/uptime"))).get(0));
      double ticks = uptime * TICKS_PER_SECOND - Long.parseLong(fields.get(START_TIME));
      return Math.round(ticks) / TICKS_PER_SECOND; // no finer than the clock is
    } catch (IOException | RuntimeException notLinux) {
      return ProcessHandle.current()
          .info()
          .startInstant()
          .map(start -> (System.currentTimeMillis() - start.toEpochMilli()) / 1000.0)
          .orElse(Double.NaN);
    }
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.split(" ", -1));
  }

  /**
   * The most memory the process has had, in millions of bytes; -1 where the system does not say.
   */
  public static long peakRssMegabytes() {
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
