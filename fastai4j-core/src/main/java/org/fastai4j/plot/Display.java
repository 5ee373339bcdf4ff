package org.fastai4j.plot;

import java.io.PrintStream;
import java.util.function.Consumer;

/**
 * Where pictures and tables are shown: a terminal, unless a notebook says otherwise.
 *
 * <pre>{@code
 * Display.show(ImageGrid.showImage(digit));
 * Display.toHtml(html -> display(html(html))); // once, in a notebook: the kernel's own words
 * }</pre>
 *
 * <p>The library knows no notebook kernel; the one line above binds it to any.
 */
public final class Display {
  private static volatile Consumer<Viewable> target = plain(System.out);

  private Display() {}

  /** Shows a figure or a table at the present place. */
  public static void show(Viewable what) {
    target.accept(what);
  }

  /** From now on shows things as HTML, which {@code cell} puts where it belongs. */
  public static void toHtml(Consumer<String> cell) {
    target = what -> cell.accept(what.html());
  }

  /** From now on prints things, in 24-bit color or in plain characters. */
  public static void toTerminal(PrintStream out, boolean colors) {
    target = colors ? what -> out.print(what.ansi()) : plain(out);
  }

  private static Consumer<Viewable> plain(PrintStream out) {
    return what -> out.print(what.text());
  }
}
