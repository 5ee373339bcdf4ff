package org.fastai4j.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InterruptionTest {

  /** The command line with a chapter that writes a picture and never ends. */
  static final class EndlessChapter {
    private EndlessChapter() {}

    public static void main(String[] args) {
      Wiring.ChapterRunner chapter =
          (request, terminal) -> {
            try {
              Files.createFile(Files.createDirectories(request.out()).resolve("step1.png"));
              terminal.out().println("begun");
              new CountDownLatch(1).await();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return new JsonObject();
          };
      URI host = URI.create("http://127.0.0.1:1/");
      Wiring.ModelOpener none = model -> image -> List.of(new Wiring.Prediction("3", 1));
      System.exit(
          Main.run(
              Terminal.system(),
              new Wiring(chapter, (r, t) -> new JsonObject(), none, () -> {}, host),
              args));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ctrlCTellsWhatIsKept(@TempDir Path dir) throws IOException, InterruptedException {
    Process process =
        Cli.java(EndlessChapter.class.getName(), "chapter", "--out", dir.resolve("out").toString())
            .start();
    try (var output = process.inputReader(UTF_8)) {
      assertThat(output.readLine()).isEqualTo("begun");
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertThat(output.lines())
          .anyMatch(line -> line.startsWith("Interrupted: 1 new file is in " + dir));
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
  }
}
