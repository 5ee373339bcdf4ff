package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ItemPathsTest {
  private final Path temp;

  ItemPathsTest(@TempDir Path temp) {
    this.temp = temp;
  }

  @AfterEach
  void showInFull() {
    ItemPaths.clearBasePath();
  }

  private Path touch(String name) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  @Test
  void listsSortedByNameAsStrings() throws IOException {
    for (String name : List.of("9.png", "10.png", "10000.png", "1001.png")) {
      touch(name);
    }
    assertThat(ItemPaths.ls(temp))
        .extracting(p -> p.getFileName().toString())
        .containsExactly("10.png", "10000.png", "1001.png", "9.png");
  }

  @Test
  void printsTheCountAndTenPathsBelowTheBasePath() throws IOException {
    for (int i = 10; i < 21; i++) {
      touch("train/3/" + i + ".png");
    }
    ItemPaths.basePath(temp);
    assertThat(ItemPaths.ls(temp.resolve("train/3")))
        .hasToString(
            "(#11) [train/3/10.png,train/3/11.png,train/3/12.png,train/3/13.png,train/3/14.png,"
                + "train/3/15.png,train/3/16.png,train/3/17.png,train/3/18.png,train/3/19.png...]");
    assertThat(ItemPaths.ls(temp)).hasToString("(#1) [train]");
  }

  @Test
  void followsLinksButNotInACircle() throws IOException {
    touch("a/1.png");
    Files.createSymbolicLink(temp.resolve("a/up"), temp);
    Files.createSymbolicLink(temp.resolve("b"), temp.resolve("a"));
    assertThat(ItemPaths.getImageFiles(temp))
        .containsExactly(temp.resolve("a/1.png"), temp.resolve("b/1.png"));
  }

  @Test
  void cannotBeChanged() throws IOException {
    touch("a");
    List<Path> list = ItemPaths.ls(temp);
    assertThatThrownBy(() -> list.add(temp)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void displaysAPathInFullUnlessItLiesBelowTheBasePath() {
    Path other = temp.resolveSibling("other");
    assertThat(ItemPaths.display(other)).isEqualTo(other.toString().replace('\\', '/'));
    ItemPaths.basePath(temp);
    assertThat(ItemPaths.display(temp.resolve("train/7"))).isEqualTo("train/7");
    assertThat(ItemPaths.display(temp)).isEqualTo(".");
    assertThat(ItemPaths.display(other)).isEqualTo(other.toString().replace('\\', '/'));
  }

  @Test
  void tellsTheNearestParentOfAMissingFolder() throws IOException {
    touch("training/3/1.png");
    touch("labels.csv");
    assertThatThrownBy(() -> ItemPaths.ls(temp.resolve("train/3")))
        .isInstanceOf(DataException.class)
        .hasMessage("no folder %s: %s holds labels.csv, training", temp.resolve("train/3"), temp);
  }

  @Test
  void tellsThatAFileIsNoFolder() throws IOException {
    Path file = touch("a");
    assertThatThrownBy(() -> ItemPaths.ls(file)).hasMessage("not a folder: " + file);
  }

  @Test
  void findsImagesBelowAFolderAndPassesOverHiddenNames() throws IOException {
    touch("b/2.JPG");
    touch("a/1.png");
    touch("a/.hidden.png");
    touch(".cache/3.png");
    touch("a/notes.txt");
    touch("a/icon.ico");
    touch("png");
    ItemPaths.basePath(temp);
    assertThat(ItemPaths.getImageFiles(temp)).hasToString("(#2) [a/1.png,b/2.JPG]");
    assertThat(ItemPaths.getFiles(temp, "TXT")).hasToString("(#1) [a/notes.txt]");
    assertThat(ItemPaths.getFiles(temp)).hasSize(5);
  }

  @Test
  void labelsAnItemByItsFolder() {
    assertThat(ItemPaths.parentLabel(Path.of("train", "3", "1.png"))).isEqualTo("3");
    assertThatThrownBy(() -> ItemPaths.parentLabel(Path.of("1.png")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no parent folder");
  }
}
