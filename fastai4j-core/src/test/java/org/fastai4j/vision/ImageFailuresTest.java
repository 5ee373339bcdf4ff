package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.fastai4j.data.DataException;
import org.fastai4j.data.Progress;
import org.fastai4j.io.Png;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of files that are damaged, too large, or no images at all. */
class ImageFailuresTest {
  private final Path root;

  ImageFailuresTest(@TempDir Path root) {
    this.root = root;
  }

  private static byte[] flat(int value) {
    byte[] pixels = new byte[12];
    Arrays.fill(pixels, (byte) value);
    return pixels;
  }

  private Path image(String name, int value) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, Png.encode(4, 3, 1, flat(value)));
  }

  /** A PNG of {@code side} squared whose header is right and whose data are few. */
  private Path promising(int side) throws IOException {
    byte[] png = Png.encode(4, 3, 1, flat(1));
    ByteBuffer header = ByteBuffer.wrap(png).putInt(16, side).putInt(20, side);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    header.putInt(29, (int) crc.getValue());
    return Files.write(root.resolve("huge.png"), png);
  }

  private static void refuses(Path file, String reason) {
    assertThatThrownBy(() -> Image.open(file))
        .isInstanceOf(DataException.class)
        .hasMessage(file + " is not an image this can read: " + reason);
    assertThat(Images.verifyImages(List.of(file)))
        .containsExactly(new Images.BadImage(file, "is not an image this can read: " + reason));
  }

  @Test
  void refusesMorePixelsThanTheLimitAndTellsHowToRaiseIt() throws IOException {
    refuses(
        promising(20_000),
        "it is 20000 x 20000 pixels (width x height), 400000000 in all and more than the limit of"
            + " 134217728; make it smaller, or raise the limit with"
            + " -Dfastai4j.maxPixels=400000000");
  }

  @Test
  void refusesAHeaderThatPromisesMoreThanItsDataCanHold() throws IOException {
    refuses(
        promising(11_000),
        "PNG header gives 11000 x 11000 pixels, more than its 14 bytes of data can hold");
  }

  @Test
  void refusesABatchThatNoBufferHoldsAndTellsHowManyImagesOneDoes() {
    ThreadPoolExecutor idle =
        new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    Image image = Image.fromBytes("L", 4, 3, flat(1));
    ImageSource source =
        new ImageSource(
            List.of(image), null, new ImageOptions(), new long[] {3, 8000, 9000}, 0, idle, false);
    assertThatThrownBy(() -> source.begin(new long[10]))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "a batch of 10 images of 9000 x 8000 pixels (width x height) takes more than the 2 GB"
                + " of a buffer; take at most 9 at a time with the option bs(9), or make them"
                + " smaller with the option size(n)");
  }

  @Test
  void refusesTextNamedAsAnImageAndAnEmptyFile() throws IOException {
    refuses(
        Files.writeString(root.resolve("notes.png"), "To do: images"),
        "neither PNG, JPEG, GIF, BMP, TIFF nor WebP");
    refuses(Files.writeString(root.resolve("empty.jpg"), ""), "the file is empty");
  }

  @Test
  void refusesAPngWithAWrongChecksum() throws IOException {
    Path file = image("damaged.png", 7);
    byte[] bytes = Files.readAllBytes(file);
    bytes[43] ^= 1;
    Files.write(file, bytes);
    refuses(file, "PNG chunk at byte 33 does not match its checksum (damaged file?)");
  }

  @Test
  void reportsTheBadFilesInTheirOrderAndDeletesNone() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      files.add(image(i + ".png", i));
    }
    Path folder = Files.createDirectory(root.resolve("folder.png"));
    files.add(20, folder);
    Path missing = root.resolve("missing.png");
    files.add(40, missing);
    Files.writeString(files.get(3), "");
    List<Long> totals = new ArrayList<>();
    Progress progress = (label, done, total) -> totals.add(total);

    assertThat(Images.verifyImages(files, progress))
        .extracting(Images.BadImage::toString)
        .containsExactly(
            files.get(3) + " is not an image this can read: the file is empty",
            folder + " cannot be read: it is a folder",
            missing + " cannot be read: it does not exist");
    assertThat(files.get(3)).exists();
    assertThat(totals).allMatch(total -> total == 52);
  }

  private void folderWithTwoBadFiles() throws IOException {
    for (int i = 0; i < 6; i++) {
      image("train/a/" + i + ".png", i);
      image("train/b/" + i + ".png", 10 + i);
      image("valid/a/" + i + ".png", 20 + i);
    }
    Files.writeString(root.resolve("train/a/3.png"), "no image");
    Files.writeString(root.resolve("valid/a/5.png"), "");
  }

  @Test
  void leavesOutBadFilesWithTheirTargetsIfAsked() throws IOException {
    folderWithTwoBadFiles();
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(root, o -> o.bs(5).grey().skipCorrupt());

    assertThat(dls.train().items()).isEqualTo(11);
    assertThat(dls.valid().items()).isEqualTo(5);
    assertThat(dls.leftOut())
        .extracting(Images.BadImage::file)
        .containsExactly(root.resolve("train/a/3.png"), root.resolve("valid/a/5.png"));
    int[] batches = {0};
    dls.train()
        .forEach(
            (x, y) -> {
              batches[0]++;
              assertThat(y.size(0)).isEqualTo(5);
              for (int i = 0; i < 5; i++) {
                double value = x.toFloatArray()[12 * i] * 255;
                assertThat(y.toLongArray()[i]).isEqualTo(value < 9.5 ? 0 : 1);
              }
            });
    assertThat(batches[0]).isEqualTo(2);
  }

  @Test
  void namesTheFirstBadFileAndTheMendUnlessAsked() throws IOException {
    folderWithTwoBadFiles();
    ImageDataLoaders dls = ImageDataLoaders.fromFolder(root, o -> o.folders("train", "valid"));
    assertThatThrownBy(() -> dls.valid().forEach((x, y) -> {}))
        .isInstanceOf(DataException.class)
        .hasMessage(
            root.resolve("valid/a/5.png")
                + " is not an image this can read: the file is empty; replace or delete the file,"
                + " or leave all such out with the option skipCorrupt()");
  }

  @Test
  void saysWhenNoFileCanBeRead() throws IOException {
    for (String name : new String[] {"train/a/1.png", "train/b/1.png", "valid/a/1.png"}) {
      Files.writeString(image(name, 1), "");
    }
    assertThatThrownBy(() -> ImageDataLoaders.fromFolder(root, ImageOptions::skipCorrupt))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("none of the 2 images can be read; the first: ");
  }

  @Test
  void takesGreyAndColorImagesInOneFolder() throws IOException {
    image("train/a/grey.png", 60);
    byte[] color = new byte[36];
    Arrays.fill(color, (byte) 61);
    Image.fromBytes("RGB", 4, 3, color).save(root.resolve("train/a/rgb.png"));
    image("train/b/grey.png", 62);
    image("valid/b/grey.png", 63);
    for (boolean grey : new boolean[] {true, false}) {
      ImageDataLoaders dls =
          ImageDataLoaders.fromFolder(root, o -> grey ? o.grey().bs(3) : o.bs(3));
      float[] x = dls.train().oneBatch().x().toFloatArray();
      assertThat(x).hasSize(3 * 12 * (grey ? 1 : 3));
      int sum = 0;
      for (int i = 0; i < x.length; i += x.length / 3) {
        sum += Math.round(x[i] * 255);
      }
      assertThat(sum).isEqualTo(60 + 61 + 62);
    }
  }
}
