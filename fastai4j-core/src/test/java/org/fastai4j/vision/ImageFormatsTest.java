package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.fastai4j.data.DataException;
import org.fastai4j.data.ItemPaths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of file against Pillow's pixels, made by {@code golden/images/make.py}: exact for what
 * loses nothing.
 */
class ImageFormatsTest {
  private static final String EXPECTED = ".expected.png";

  private static Path golden() {
    URL folder = ImageFormatsTest.class.getResource("/golden/images");
    try {
      return Path.of(Objects.requireNonNull(folder).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static List<String> images() throws IOException {
    try (Stream<Path> files = Files.list(golden())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(EXPECTED) && !name.endsWith(".py"))
          .sorted()
          .toList();
    }
  }

  /** By how much a sample may differ. */
  private static int tolerance(String name) {
    if (name.startsWith("lossy")) {
      return 9; // this decoder repeats the halved color samples where libwebp interpolates
    } else if (name.equals("palette.tif")) {
      return 1; // Pillow writes v * 256 for the 16-bit color v * 257
    }
    return name.contains("jp") ? 2 : 0; // decoders of JPEG may round differently; JDK 17's does not
  }

  @ParameterizedTest
  @MethodSource("images")
  void readsWhatPillowReads(String name) {
    Image image = Image.open(golden().resolve(name));
    Image expected = Image.open(golden().resolve(name + EXPECTED));

    assertThat(image).hasToString(expected.toString());
    byte[] got = image.pixels();
    byte[] wanted = expected.pixels();
    int worst = 0;
    for (int i = 0; i < got.length; i++) {
      worst = Math.max(worst, Math.abs((got[i] & 0xFF) - (wanted[i] & 0xFF)));
    }
    assertThat(worst).as("the largest difference").isLessThanOrEqualTo(tolerance(name));
  }

  /** Cut anywhere but in padding and behind the first picture. */
  @ParameterizedTest
  @MethodSource("images")
  void refusesAFileThatIsCutOff(String name, @TempDir Path folder) throws IOException {
    byte[] whole = Files.readAllBytes(golden().resolve(name));
    int needed = name.equals("animated.gif") ? 208 : whole.length - 6;
    Path file = folder.resolve(name);
    for (int n = needed - 1; n >= 0; n -= 1 + needed / 40) {
      Files.write(file, Arrays.copyOf(whole, n));
      assertThatThrownBy(() -> Image.open(file))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(file + " is not an image this can read: ");
    }
  }

  @Test
  void listsTheFilesOfEveryFormatAsImages() throws IOException {
    assertThat(images()).hasSizeGreaterThan(70);
    assertThat(images()).allMatch(name -> ItemPaths.isImageFile(Path.of(name)));
  }

  @Test
  void decodesPngWithoutLoadingImageIo() throws IOException, InterruptedException {
    Path png = golden().resolve("rgb16-interlaced.png");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-verbose:class",
                "-cp",
                System.getProperty("java.class.path"),
                OpensOne.class.getName(),
                png.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("org.fastai4j.io.PngDecoder")
        .doesNotContain("javax.imageio.ImageIO");
  }

  static final class OpensOne {
    private OpensOne() {}

    public static void main(String[] args) {
      Image.open(Path.of(args[0]));
    }
  }
}
