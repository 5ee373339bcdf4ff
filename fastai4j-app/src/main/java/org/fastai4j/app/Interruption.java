package org.fastai4j.app;

import java.io.PrintStream;
import java.util.function.Supplier;

/** Tells on Ctrl-C what a command leaves behind, for as long as it is open. */
final class Interruption implements AutoCloseable {
  private final Thread hook;

  Interruption(PrintStream err, Supplier<String> kept) {
    hook = new Thread(() -> err.println("\nInterrupted: " + kept.get() + "."), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook runs, or has run.
    }
  }
}
