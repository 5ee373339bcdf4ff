package org.fastai4j.data;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A progress bar in fastai's look, {@code |████----| 61.04% [1962/3214 KB 00:01<00:00]}.
 *
 * <p>In a terminal it redraws one line; elsewhere it writes a plain line every few seconds, so that
 * log files stay short. Work that ends within half a second shows nothing.
 */
public final class ProgressBar implements Progress {
  private static final int WIDTH = 30;
  private static final long QUIET_NANOS = 500_000_000L;
  private static final long REDRAW_NANOS = 50_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;

  private static final boolean DRAWS_BLOCKS =
      Charset.forName(System.getProperty("native.encoding", "UTF-8")).newEncoder().canEncode('█');

  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier clock;

  private String label = "";
  private long began;
  private long lastShown;
  private int onLine;
  private boolean running;

  /** A bar on {@code out}, which is a terminal or not. */
  public ProgressBar(PrintStream out, boolean terminal) {
    this(out, terminal, System::nanoTime);
  }

  ProgressBar(PrintStream out, boolean terminal, LongSupplier clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
  }

  /** A bar on the standard error stream, redrawn if that is a terminal. */
  public static ProgressBar standard() {
    return new ProgressBar(System.err, isTerminal(2));
  }

  /** Whether the file descriptor (1: standard output, 2: standard error) is a terminal. */
  public static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) { // no /proc: not Linux
      return Optional.ofNullable(System.console()).filter(ProgressBar::isTerminal).isPresent();
    }
  }

  /** From JDK 22 there is a console without a terminal too. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  @Override
  public synchronized void update(String label, long done, long total) {
    show(label, done, total, 1, "");
  }

  @Override
  public synchronized void updateBytes(String label, long done, long total) {
    show(label, done, total, 1000, " KB");
  }

  @Override
  public synchronized void notice(String line) {
    finish();
    out.println(line);
  }

  @Override
  public synchronized void finish() {
    if (onLine > 0) {
      out.println();
    }
    onLine = 0;
    running = false;
  }

  private void show(String label, long done, long total, int unit, String unitName) {
    long now = clock.getAsLong();
    if (!running || !label.equals(this.label)) {
      finish();
      this.label = label;
      began = now;
      lastShown = now + QUIET_NANOS - (terminal ? REDRAW_NANOS : LINE_NANOS);
      running = true;
    }
    boolean last = total > 0 && done >= total && now - began >= QUIET_NANOS;
    if (now - lastShown < (terminal ? REDRAW_NANOS : LINE_NANOS) && !last) {
      return;
    }
    lastShown = now;
    Duration elapsed = Duration.ofNanos(now - began);
    String text = label + render(done, total, unit, unitName, elapsed, "");
    if (!DRAWS_BLOCKS) {
      text = text.replace('█', '#');
    }
    if (terminal) {
      String blank = " ".repeat(Math.max(0, onLine - text.length()));
      out.print("\r" + text + blank);
      out.flush();
      onLine = text.length();
    } else {
      out.println(text);
    }
    if (last) {
      finish();
    }
  }

  /**
   * The bar as text: how much is done, the steps, the time so far and the time left.
   *
   * <pre>{@code
   * render(5, 20, Duration.ofSeconds(2), "0.031") // " |███████-----------------------| 25.00% [5/20 00:02<00:06 0.031]"
   * }</pre>
   *
   * @param total 0 if it is not known; then there is no bar
   * @param comment what to add before the bracket closes, or nothing if empty
   */
  public static String render(long done, long total, Duration elapsed, String comment) {
    return render(done, total, 1, "", elapsed, comment);
  }

  private static String render(
      long done, long total, int unit, String unitName, Duration elapsed, String comment) {
    String end = comment.isEmpty() ? "]" : " " + comment + "]";
    if (total <= 0) {
      return " [" + done / unit + unitName + " " + clock(elapsed.toMillis()) + end;
    }
    double fraction = Math.min(1, Math.max(0, (double) done / total));
    int full = (int) (WIDTH * fraction);
    String bar = "█".repeat(full) + "-".repeat(WIDTH - full);
    long left = done > 0 ? (long) (elapsed.toMillis() * (1 - fraction) / fraction) : 0;
    return String.format(
        Locale.ROOT,
        " |%s| %.2f%% [%d/%d%s %s<%s%s",
        bar,
        100 * fraction,
        done / unit,
        total / unit,
        unitName,
        clock(elapsed.toMillis()),
        done > 0 ? clock(left) : "?",
        end);
  }

  /** {@code 01:05}, or {@code 2:01:05} from an hour on. */
  private static String clock(long millis) {
    long s = millis / 1000;
    return s < 3600
        ? String.format(Locale.ROOT, "%02d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
