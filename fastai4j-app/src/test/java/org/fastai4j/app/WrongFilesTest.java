package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.fastai4j.learner.LRFind;
import org.fastai4j.optim.LRSuggestion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say of files that will not do. */
class WrongFilesTest {
  private final Path dir;

  WrongFilesTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @ParameterizedTest
  @ValueSource(strings = {"describe MODEL", "export MODEL --onnx x", "evaluate MODEL --data x"})
  void aMissingModelIsToldWithoutJavasWords(String command) {
    Cli cli = new Cli();
    String model = dir.resolve("none").toString();
    assertThat(cli.run(command.replace("MODEL", model).split(" "))).isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains(model + ": there is no such file").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"describe MODEL", "export MODEL --onnx x", "evaluate MODEL --data x"})
  void whatIsNoModelFileIsToldSoFirst(String command) throws IOException {
    Path text = Files.writeString(dir.resolve("notes.txt"), "Dear diary, this is no model.");
    Cli cli = new Cli();
    assertThat(cli.run(command.replace("MODEL", text.toString()).split(" "))).isEqualTo(Main.USAGE);
    assertThat(cli.err())
        .startsWith(
            "fastai4j: %s is not a model file that can be read; name one that 'train' saved, such as out/train/model.safetensors"
                .formatted(text));
  }

  @Test
  void aFolderIsNoModel() {
    Cli cli = new Cli();
    assertThat(cli.run("describe", dir.toString())).isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains("is a folder; name a file, such as model.safetensors in it");
  }

  @Test
  void exportsNothingWhereOneTargetIsAFolder() {
    Cli cli = new Cli();
    String onnx = dir.resolve("m.onnx").toString();
    assertThat(cli.run("export", "x", "--onnx", onnx, "--pth", dir.toString()))
        .isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains(dir + " is a folder; name a file in it");
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aPhotographIsNoFolderOfThem() throws IOException {
    Path photo = Files.writeString(dir.resolve("photo.jpg"), "no image even");
    Cli cli = new Cli();
    String out = dir.resolve("out").toString();
    assertThat(cli.run("lr-find", "--data", photo.toString(), "--out", out)).isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains("name a folder of images");
    assertThat(dir.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "lr-find", "evaluate x", "chapter"})
  void aFolderThatCannotBeMadeIsToldWithTheReason(String command) throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    String[] options = {"--data", "mnist_sample", "--out", file.resolve("out").toString()};
    Cli cli = new Cli();
    String[] words = command.split(" ");
    assertThat(cli.run(Stream.of(words, options).flatMap(Stream::of).toArray(String[]::new)))
        .isEqualTo(Main.USAGE);
    assertThat(cli.err())
        .startsWith("fastai4j: --out %s/out cannot be written: %s is a file".formatted(file, file));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noFolderIsMadeInProc() {
    Path out = Path.of("/proc/none/out");
    assertThatThrownBy(() -> Folders.requireWritable("--out x", out))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("--out x cannot be written: ")
        .hasMessageContaining("/proc");
  }

  @Test
  void nothingIsLeftOfTheFolderThatWasTried() {
    Folders.requireWritable("--out x", dir.resolve("a/b/c"));
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aDamagedArchiveIsWrongInput() throws IOException {
    Path archive = Files.writeString(dir.resolve("photos.tgz"), "no archive");
    Cli cli = new Cli();
    String out = dir.resolve("out").toString();
    assertThat(cli.run("lr-find", "--data", archive.toString(), "--out", out))
        .isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains(archive + " is cut short or damaged");
  }

  @Test
  void aRuleThatHasTooFewLossesSaysSo() {
    LRFind found = new LRFind(Collections.nCopies(25, 0.1), Collections.nCopies(25, 1.0), 100);
    assertThatThrownBy(() -> LrFindCommand.suggestion(found, LRSuggestion.SLIDE))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("10 losses");
  }
}
