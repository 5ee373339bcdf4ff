package org.fastai4j.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private final Cli cli = new Cli();

  @Test
  void helpNamesEveryCommandAndExitStatus() {
    assertThat(cli.run("--help")).isZero();
    assertThat(cli.out())
        .contains("chapter", "predict", "doctor", "--version", "--stacktrace")
        .containsPattern("0 +done")
        .contains("130")
        .doesNotContain("warm-up");
  }

  @Test
  void versionTellsOfTheEngineThatIsOnTheClassPath() {
    assertThat(cli.run("--version")).isZero();
    Versions versions = new Versions();
    assertThat(versions.libtorch() + "-" + versions.javacpp()).isEqualTo(Torch.version());
    assertThat(cli.out())
        .contains("fastai4j " + versions.fastai4j())
        .contains("libtorch " + versions.libtorch())
        .contains("Java " + Runtime.version())
        .contains("platform " + Torch.platform());
  }

  @Test
  void versionUnpacksNoNativeLibrary(@TempDir Path cache) throws IOException, InterruptedException {
    Process process =
        Cli.java("-Dorg.bytedeco.javacpp.cachedir=" + cache, Main.class.getName(), "--version")
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).contains("libtorch");
    try (var files = Files.list(cache)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void writesNumbersAlikeInEveryLocale(@TempDir Path dir) throws IOException, InterruptedException {
    Path model = dir.resolve("model.safetensors");
    List<String> vocab = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    ImageClassifier.of(Models.create("simple_net", 10), "simple_net", vocab).save(model, Map.of());
    Process process =
        Cli.java(
                "-Duser.language=ar",
                "-Duser.country=EG",
                Main.class.getName(),
                "describe",
                model.toString())
            .start();
    assertThat(process.inputReader(UTF_8).lines())
        .contains(
            "parameters     23,860", "input          grey, 28 x 28, digits cut out and centered");
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aMissingCommandIsAUsageError() {
    assertThat(cli.run()).isEqualTo(2);
    assertThat(cli.err().lines())
        .containsExactly("fastai4j: a command is missing", "Try './fastai4j --help'.");
  }

  @Test
  void suggestsTheCommandThatWasMeant() {
    assertThat(cli.run("chaptr")).isEqualTo(2);
    assertThat(cli.err()).contains("'chaptr'").contains("Did you mean chapter");
  }

  @Test
  void colorsHelpOnATerminalOnly() {
    new Cli().run("--help");
    Cli colored = new Cli().onTerminal();
    colored.run("--help");
    Cli plain = new Cli().onTerminal().env("NO_COLOR", "1");
    plain.run("--help");
    assertThat(List.of(colored.out().contains("\u001b["), plain.out().contains("\u001b[")))
        .containsExactly(true, false);
  }
}
