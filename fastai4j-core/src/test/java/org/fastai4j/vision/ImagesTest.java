package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.fastai4j.data.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
  private static final int N = 200;

  private final Path folder;
  private final List<Path> files = new ArrayList<>();

  ImagesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void writeImages() {
    for (int i = 0; i < N; i++) {
      Path file = folder.resolve("%03d.png".formatted(i));
      image(i, 4, 3).save(file);
      files.add(file);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 64})
  void decodesInTheOrderOfTheListWithAnyNumberOfThreads(int threads) {
    ByteBuffer target = ByteBuffer.allocateDirect(N * 12);
    target.position(7).limit(9);
    Images.decodeAll(files, target, 3, 4, threads);

    assertThat(target.position()).isEqualTo(7);
    target.clear();
    for (int i = 0; i < N; i++) {
      byte[] pixels = new byte[12];
      target.get(pixels);
      assertThat(pixels).isEqualTo(image(i, 4, 3).toBytes());
    }
  }

  @Test
  void stacksTheImagesOfAFolderByName() throws IOException {
    Files.writeString(folder.resolve("labels.csv"), "not an image");
    Files.writeString(folder.resolve("._000.png"), "what a Mac leaves behind");
    Images.Stack stack = Images.decodeStack(folder);

    assertThat(List.of(stack.n(), stack.height(), stack.width())).containsExactly(N, 3, 4);
    assertThat(stack.data().isDirect()).isTrue();
    assertThat(stack.data().capacity()).isEqualTo(N * 12);
    assertThat(stack.data().get(150 * 12)).isEqualTo((byte) 150);
  }

  @Test
  void stacksFilesThatNeedImageIo() throws IOException {
    var deep = new BufferedImage(4, 3, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(1, 0, 0, 0x2A00);
    ImageIO.write(deep, "png", files.get(1).toFile());
    Images.Stack stack = Images.decodeStack(files);
    assertThat(stack.data().get(12 + 1)).isEqualTo((byte) 42);
    assertThat(stack.data().get(24)).isEqualTo((byte) 2);
  }

  @Test
  void namesAnImageOfAnotherSizeAndBothSizes() {
    image(0, 30, 20).save(files.get(77));
    assertThatThrownBy(() -> Images.decodeStack(files))
        .isInstanceOf(DataException.class)
        .hasMessage(
            files.get(77)
                + " is 30 x 20 pixels (width x height) where 4 x 3 are wanted, as in the first"
                + " image; resize it first: Image.open(file).resize(4, 3)");
  }

  @Test
  void namesAnImageInColor() {
    image(0, 4, 3).convert("RGB").save(files.get(5));
    assertThatThrownBy(() -> Images.decodeStack(files))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(files.get(5) + " is in color")
        .hasMessageContaining("convert(\"L\")");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void reportsTheFirstOfSeveralBadFilesHoweverManyThreads(int threads) throws IOException {
    for (int bad : new int[] {199, 120, 66, 65}) {
      Files.writeString(files.get(bad), "");
    }
    ByteBuffer target = ByteBuffer.allocate(N * 12);
    for (int run = 0; run < 20; run++) {
      assertThatThrownBy(() -> Images.decodeAll(files, target, 3, 4, threads))
          .isInstanceOf(DataException.class)
          .hasMessage(files.get(65) + " is not an image this can read: the file is empty");
    }
  }

  @Test
  void stopsAtTheFirstFailure() throws IOException {
    Files.writeString(files.get(10), "");
    byte[] target = new byte[N * 12];
    assertThatThrownBy(() -> Images.decodeAll(files, ByteBuffer.wrap(target), 3, 4, 1))
        .isInstanceOf(DataException.class);
    assertThat(target[9 * 12]).isEqualTo((byte) 9);
    assertThat(target[11 * 12]).isEqualTo((byte) 0);
  }

  @Test
  void namesAMissingFile() throws IOException {
    Files.delete(files.get(3));
    assertThatThrownBy(() -> Images.decodeStack(files))
        .isInstanceOf(DataException.class)
        .hasMessage(files.get(3) + " cannot be read: it does not exist");
  }

  @Test
  void saysWhenThereIsNothingToStack() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> Images.decodeStack(empty))
        .isInstanceOf(DataException.class)
        .hasMessage("no images in " + empty);
    assertThatThrownBy(() -> Images.decodeStack(List.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the list of files is empty");
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Images.decodeStack(missing))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(missing + " is not a folder that can be listed");
  }

  @Test
  void refusesABufferThatIsTooSmall() {
    ByteBuffer small = ByteBuffer.allocate(N * 12 - 1);
    assertThatThrownBy(() -> Images.decodeAll(files, small, 3, 4, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("200 images of 4 x 3 pixels do not fit in 2399 bytes");
  }

  @Test
  void decodesAllAndKeepsTheInterruptWhenInterrupted() {
    ByteBuffer target = ByteBuffer.allocate(N * 12);
    Thread.currentThread().interrupt();
    Images.decodeAll(files, target, 3, 4, 2);
    assertThat(Thread.interrupted()).isTrue();
    ByteBuffer expected = ByteBuffer.allocate(N * 12);
    Images.decodeAll(files, expected, 3, 4, 1);
    assertThat(target.array()).isEqualTo(expected.array());
  }

  private static Image image(int seed, int width, int height) {
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (seed + 3 * i);
    }
    return Image.fromBytes("L", width, height, pixels);
  }
}
