package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fastai4j.tensor.TensorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChapterCommandTest {
  private final List<ChapterRequest> requests = new ArrayList<>();
  private final Cli cli =
      new Cli()
          .chapter(
              (request, terminal) -> {
                requests.add(request);
                JsonObject measured = new JsonObject();
                measured.addProperty("seed", request.seed());
                return measured;
              });

  private final Path dir;

  ChapterCommandTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--data",
        "--out",
        "--seed",
        "--epochs",
        "--json",
        "--open",
        "--quiet",
        "Examples"
      })
  void helpExplains(String option) {
    assertThat(cli.run("chapter", "--help")).isZero();
    assertThat(cli.out()).contains(option);
  }

  @Test
  void hasTheDefaultsOfTheBook() {
    assertThat(cli.run("chapter")).isZero();
    assertThat(requests)
        .containsExactly(
            new ChapterRequest(Optional.empty(), Path.of("out/chapter"), 42, 40, false));
  }

  @Test
  void handsOnEveryOption() {
    String out = dir.resolve("a b").toString();
    assertThat(
            cli.run(
                "chapter",
                "--data",
                "digits_sample",
                "--out",
                out,
                "--seed=7",
                "--epochs=3",
                "--quiet"))
        .isZero();
    assertThat(requests)
        .containsExactly(
            new ChapterRequest(Optional.of("digits_sample"), Path.of(out), 7, 3, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--epochs 0",
        "--epochs -3",
        "--epochs many",
        "--seed x",
        "--data no_such_data",
        "--dta digits_sample",
        "--out pom.xml",
        "--json target",
        "--data"
      })
  void refusesBeforeAnyWorkIsDone(String wrong) {
    List<String> args = new ArrayList<>(List.of("chapter"));
    args.addAll(List.of(wrong.split(" ", -1)));
    assertThat(cli.run(args.toArray(String[]::new))).isEqualTo(2);
    assertThat(requests).isEmpty();
    assertThat(cli.err()).startsWith("fastai4j").doesNotContain("\tat ");
    assertThat(cli.err().lines().count()).isLessThanOrEqualTo(3);
    assertThat(cli.err()).contains(args.get(1));
  }

  @Test
  void tellsWhyNoEpochsAreWrong() {
    cli.run("chapter", "--epochs", "0");
    assertThat(cli.err().lines().findFirst())
        .hasValue("fastai4j chapter: --epochs 0: at least 1 epoch is needed to train");
  }

  @Test
  void namesTheDataSetsThatThereAre() {
    cli.run("chapter", "--data", "mnist_smple");
    assertThat(cli.err()).contains("mnist_smple: no such", "mnist_sample and digits_sample");
  }

  @Test
  void writesTheMeasuredNumbersToAFileInANewFolder() throws IOException {
    Path json = dir.resolve("new").resolve("a.json");
    assertThat(cli.run("chapter", "--json", json.toString())).isZero();
    assertThat(
            JsonParser.parseString(Files.readString(json)).getAsJsonObject().get("seed").getAsInt())
        .isEqualTo(42);
    try (var files = Files.list(dir.resolve("new"))) {
      assertThat(files).containsExactly(json);
    }
  }

  @Test
  void writesTheMeasuredNumbersToStandardOutput() {
    assertThat(cli.run("chapter", "--json", "-")).isZero();
    assertThat(requests).singleElement().matches(ChapterRequest::quiet);
    assertThat(JsonParser.parseString(cli.out()).getAsJsonObject().has("seed")).isTrue();
  }

  @Test
  void printsOneLineForAFailureOfTheLibrary() {
    cli.chapter(
        (request, terminal) -> {
          throw new TensorException("matmul: 1x3 and 2x3 do not fit", new RuntimeException("C++"));
        });
    assertThat(cli.run("chapter")).isEqualTo(1);
    assertThat(cli.err().lines()).containsExactly("fastai4j: matmul: 1x3 and 2x3 do not fit");
  }

  @Test
  void printsTheFramesWhenAsked() {
    cli.chapter(
        (request, terminal) -> {
          throw new TensorException("bad", new IllegalStateException("the cause"));
        });
    cli.run("chapter", "--stacktrace");
    assertThat(cli.err())
        .contains("\tat org.fastai4j.app")
        .contains("Caused by")
        .contains("the cause");
  }

  @Test
  void printsTheFramesWhenTheEnvironmentAsks() {
    cli.env("FASTAI4J_DEBUG", "1")
        .chapter(
            (request, terminal) -> {
              throw new TensorException("bad");
            });
    cli.run("chapter");
    assertThat(cli.err()).contains("\tat org.fastai4j.app");
  }

  @Test
  void aMissingFileIsMissingInput() {
    cli.chapter(
        (request, terminal) -> {
          throw new UncheckedIOException(new NoSuchFileException("train/3"));
        });
    assertThat(cli.run("chapter")).isEqualTo(2);
    assertThat(cli.err().lines())
        .containsExactly("fastai4j: train/3: there is no such file or folder");
  }

  @Test
  void aReadOnlyFolderIsToldInWords() {
    cli.chapter(
        (request, terminal) -> {
          throw new UncheckedIOException(new AccessDeniedException("out/x.png"));
        });
    assertThat(cli.run("chapter")).isEqualTo(1);
    assertThat(cli.err()).contains("out/x.png: no permission");
  }

  @Test
  void anErrorOfTheVirtualMachineIsOneLineToo() {
    cli.chapter(
        (request, terminal) -> {
          throw new OutOfMemoryError("Java heap space");
        });
    assertThat(cli.run("chapter")).isEqualTo(1);
    assertThat(cli.err().lines()).hasSize(1).first().asString().contains("FASTAI4J_OPTS=-Xmx");
  }

  @Test
  void anUnexpectedFailureNamesItsKind() {
    cli.chapter(
        (request, terminal) -> {
          throw new IllegalStateException("odd");
        });
    assertThat(cli.run("chapter")).isEqualTo(1);
    assertThat(cli.err()).contains("IllegalStateException: odd").contains("--stacktrace");
  }
}
