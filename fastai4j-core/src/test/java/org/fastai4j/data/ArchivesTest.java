package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTest {
  private final Path temp;
  private final Path out;

  ArchivesTest(@TempDir Path temp) throws IOException {
    this.temp = temp;
    out = Files.createDirectory(temp.resolve("out"));
  }

  private void unpack(byte[] archive) {
    unpack(archive, ArchiveLimits.DEFAULT);
  }

  private void unpack(byte[] archive, ArchiveLimits limits) {
    Archives.unpack(
        TestArchives.write(temp.resolve("x.tgz"), archive), out, limits, Progress.SILENT);
  }

  @Test
  void unpacksSmallAndLargeFilesAndLinksWithinTheFolder() throws IOException {
    byte[] large = new byte[200_000];
    Arrays.fill(large, (byte) 7);
    unpack(
        new TestArchives()
            .symbolicLink("foo/link", "bar/b")
            .symbolicLink("foo/deep/up", "../bar/b")
            .file("foo/bar/b", "B")
            .file("foo/empty", "")
            .file("foo/large", large)
            .tgz());
    assertThat(out.resolve("foo/link")).isSymbolicLink().hasContent("B");
    assertThat(out.resolve("foo/deep/up")).isSymbolicLink().hasContent("B");
    assertThat(out.resolve("foo/empty")).isEmptyFile();
    assertThat(out.resolve("foo/large")).hasBinaryContent(large);
  }

  @Test
  void unpacksAPlainTar() {
    unpack(new TestArchives().file("foo/a", "A").tar());
    assertThat(out.resolve("foo/a")).hasContent("A");
  }

  @Test
  void unpacksAZip() throws IOException {
    unpack(zip("foo/a", "A".getBytes(StandardCharsets.UTF_8)));
    assertThat(out.resolve("foo/a")).hasContent("A");
  }

  private static byte[] zip(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "foo/../../x", "/x", "foo/..", "C:/x", "C:x", "..\\x", "\\x"})
  void refusesNamesThatLeaveTheFolder(String name) {
    assertThatThrownBy(() -> unpack(new TestArchives().file(name, "X").tgz()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("outside of its folder: " + name);
    assertThat(temp.resolve("x")).doesNotExist();
  }

  @Test
  void refusesNamesThatLeaveTheFolderInAZip() {
    assertThatThrownBy(() -> unpack(zip("../x", new byte[1])))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("outside of its folder: ../x");
  }

  @ParameterizedTest
  @CsvSource({
    "foo/l, /etc/passwd", // absolute
    "foo/l, ../../x", // above the folder
    "foo/l, ../x", // beside the root that is moved into place
    "l, ..",
    "foo/l, self/../../x" // climbs from wherever `self` leads
  })
  void refusesLinksOutOfTheFolder(String name, String target) {
    byte[] archive = new TestArchives().file("foo/a", "A").symbolicLink(name, target).tgz();
    assertThatThrownBy(() -> unpack(archive))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("link out of its folder: " + name + " -> " + target);
    assertThat(out.resolve(name)).doesNotExist();
  }

  @Test
  void writesNothingThroughALink() {
    byte[] archive = new TestArchives().symbolicLink("foo/l", "bar").file("foo/l/a", "A").tgz();
    assertThatThrownBy(() -> unpack(archive))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("twice");
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_LINK, TarConstants.LF_FIFO, TarConstants.LF_CHR})
  void refusesHardLinksAndDevices(byte kind) {
    byte[] archive = new TestArchives().file("foo/a", "A").link("foo/b", "foo/a", kind).tgz();
    assertThatThrownBy(() -> unpack(archive))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("hard link, a device or a sparse file: foo/b");
  }

  @Test
  void refusesOneNameTwice() {
    assertThatThrownBy(() -> unpack(new TestArchives().file("a", "A").file("a", "B").tgz()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("holds a twice");
  }

  @Test
  void refusesMoreEntriesThanTheLimit() {
    var limits = new ArchiveLimits(1, Long.MAX_VALUE, 250);
    assertThatThrownBy(() -> unpack(TestArchives.foo(), limits))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("more than 1 entries (see ArchiveLimits)");
  }

  @Test
  void refusesMoreBytesThanTheLimit() throws IOException {
    var limits = new ArchiveLimits(10, 100_000, 250);
    byte[] zeros = new byte[100_001];
    for (byte[] archive :
        new byte[][] {new TestArchives().file("a", zeros).tgz(), zip("a", zeros)}) {
      assertThatThrownBy(() -> unpack(archive, limits))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("more than 100000 bytes (see ArchiveLimits)");
      Files.deleteIfExists(out.resolve("a"));
    }
  }

  @Test
  void refusesWhatGrowsOutOfProportion() {
    byte[] bomb = new TestArchives().file("a", new byte[70 << 20]).tgz();
    assertThatThrownBy(() -> unpack(bomb))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("more than 67108864 bytes");
  }

  @Test
  void tellsWhenAnArchiveIsCutAnywhere() {
    byte[] whole = TestArchives.foo();
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> unpack(cut))
          .as("cut at %d of %d", length, whole.length)
          .isInstanceOf(Archives.DamagedException.class)
          .hasMessageContaining("x.tgz is cut short or damaged");
      Folders.delete(out);
      Folders.create(out);
    }
  }

  @Test
  void tellsWhenAPlainTarIsCutBetweenEntries() {
    byte[] whole = new TestArchives().file("a", "A").file("b", "B").tar();
    assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, 1024)))
        .isInstanceOf(Archives.DamagedException.class)
        .hasMessageContaining("its end is missing");
  }

  @Test
  void tellsWhenAByteIsChanged() {
    byte[] changed = TestArchives.foo();
    changed[changed.length - 6] ^= 1; // in the checksum
    assertThatThrownBy(() -> unpack(changed)).isInstanceOf(Archives.DamagedException.class);
  }

  @Test
  void tellsWhatIsNoArchive() {
    byte[] page = "<!DOCTYPE html>".repeat(100).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> unpack(page))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no tar, tar.gz or zip archive");
  }

  @Test
  void tellsWhichFolderCannotBeWritten() throws IOException {
    Files.delete(out);
    Files.createFile(out);
    assertThatThrownBy(() -> unpack(TestArchives.foo()))
        .isInstanceOf(DataException.class)
        .isNotInstanceOf(Archives.DamagedException.class)
        .hasMessageContaining("cannot write to " + out);
  }

  @Test
  void stopsWhenTheThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> unpack(TestArchives.foo()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("interrupted while unpacking");
    assertThat(Thread.interrupted()).isTrue();
  }
}
