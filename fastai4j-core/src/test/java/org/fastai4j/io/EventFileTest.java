package org.fastai4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files as files; what is in them is tested with the callback that writes them. */
class EventFileTest {
  private final Path folder;

  EventFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void hasANameOfAsciiDigitsInEveryLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try (EventFile events = EventFile.in(folder)) {
      assertThat(events.file().getFileName().toString())
          .matches("events\\.out\\.tfevents\\.[0-9]+\\.fastai4j");
    } finally {
      Locale.setDefault(before);
    }
  }
}
