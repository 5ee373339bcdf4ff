package org.fastai4j.plot;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Where pictures and tables are shown: a terminal, unless a notebook says otherwise.
 *
 * <pre>{@code
 * Display.show(ImageGrid.showImage(digit));
 * Display.toHtml( // once, in a notebook: the kernel's own words, here Rapaio's
 *     html -> display("text/html", html), (id, html) -> updateDisplay(id, "text/html", html));
 * }</pre>
 *
 * <p>The library knows no notebook kernel; the one statement above binds it to any.
 */
public final class Display {
  private static volatile Consumer<Viewable> target = plain(System.out);
  private static volatile Optional<Cell> cell = Optional.empty();

  private record Cell(UnaryOperator<String> show, BiConsumer<String, String> update) {}

  private Display() {}

  /** Shows a figure or a table at the present place. */
  public static void show(Viewable what) {
    target.accept(what);
  }

  /**
   * Shows HTML that changes: what is given to the returned function takes its place. Empty, and
   * nothing is shown, where no notebook is.
   */
  public static Optional<Consumer<String>> live(String html) {
    return cell.map(
        c -> {
          String id = c.show.apply(html);
          return next -> c.update.accept(id, next);
        });
  }

  /** Whether things are shown as HTML in the cells of a notebook. */
  public static boolean inNotebook() {
    return cell.isPresent();
  }

  /**
   * From now on shows things as HTML in the cells of a notebook.
   *
   * @param show puts HTML where the cell's output is, and returns the name of that place
   * @param update puts HTML (the second) in the place with a name (the first)
   */
  public static void toHtml(UnaryOperator<String> show, BiConsumer<String, String> update) {
    cell = Optional.of(new Cell(show, update));
    target = what -> live(what.html());
  }

  /** From now on prints things, in 24-bit color or in plain characters. */
  public static void toTerminal(PrintStream out, boolean colors) {
    cell = Optional.empty();
    target = colors ? what -> out.print(what.ansi()) : plain(out);
  }

  private static Consumer<Viewable> plain(PrintStream out) {
    return what -> out.print(what.text());
  }
}
