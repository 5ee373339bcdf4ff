package org.fastai4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
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
    try (EventFile events = EventFile.in(folder, 1)) {
      assertThat(events.file().getFileName().toString())
          .matches("events\\.out\\.tfevents\\.[0-9]+\\.fastai4j");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void givesTwoWritersAtOnceFilesOfTheirOwn() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try {
      Callable<Integer> some =
          () -> IntStream.range(0, 500).peek(i -> EventFile.in(folder, 1).close()).sum();
      for (Future<Integer> written : writers.invokeAll(List.of(some, some))) {
        written.get();
      }
    } finally {
      writers.shutdown();
    }
    assertThat(folder.toFile().list()).hasSize(1000);
  }

  @Test
  void saysWhyNoFileCouldBeMadeAndWhatToDo() throws IOException {
    Path file = Files.createFile(folder.resolve("tb"));
    assertThatThrownBy(() -> EventFile.in(file, 1))
        .hasMessage(
            "no file for TensorBoard could be made in %s: java.nio.file.FileAlreadyExistsException:"
                    .formatted(file)
                + " %s; name a folder that can be written to".formatted(file));
  }
}
