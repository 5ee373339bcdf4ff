package org.fastai4j.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Shows a page in the user's browser, through the system's own opener. */
final class Browser {
  private Browser() {}

  static void open(Path page, Terminal terminal) {
    open(page.toAbsolutePath().toString(), terminal);
  }

  /** Shows a file or a web address. */
  static void open(String target, Terminal terminal) {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> command =
        os.startsWith("windows")
            ? List.of("rundll32", "url.dll,FileProtocolHandler", target)
            : List.of(os.startsWith("mac") ? "open" : "xdg-open", target);
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      terminal.err().println("No browser could be started; the page is " + target);
    }
  }
}
