package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawnDigitsTest {
  private static final int SAMPLES = 200;
  private static final DrawnDigits.Progress SILENT = (done, total) -> {};

  private static final Offset<Double> HALF = within(0.55);

  private final Path folder;

  DrawnDigitsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void drawsTheSamePixelsOnEveryMachine() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int digit = 0; digit < 10; digit++) {
      for (int seed = 0; seed < SAMPLES; seed++) {
        digest.update(DrawnDigits.draw(digit, seed));
      }
    }
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo("c8f5ed1e71964dc3a00aa928c431c9b144783c0b4922facaa8f1943a59fea5ae");
  }

  @Test
  void drawsTheSameTwice() {
    for (int digit = 0; digit < 10; digit++) {
      assertThat(DrawnDigits.draw(digit, 42)).isEqualTo(DrawnDigits.draw(digit, 42));
    }
  }

  @Test
  void drawsDifferentImagesFromDifferentSeeds() {
    Set<String> seen = new HashSet<>();
    for (int digit = 0; digit < 10; digit++) {
      for (int seed = 0; seed < SAMPLES; seed++) {
        seen.add(Arrays.toString(DrawnDigits.draw(digit, seed)));
      }
    }
    assertThat(seen).hasSize(10 * SAMPLES);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void boxesTheInkAndCentersItsMass(int digit) {
    for (int seed = 0; seed < SAMPLES; seed++) {
      Look look = Look.at(DrawnDigits.draw(digit, seed));
      assertThat(Math.max(look.width(), look.height()))
          .as("longer side of %d from seed %d", digit, seed)
          .isBetween(19, 20);
      assertThat(look.centerX()).as("x of %d from seed %d", digit, seed).isCloseTo(14, HALF);
      assertThat(look.centerY()).as("y of %d from seed %d", digit, seed).isCloseTo(14, HALF);
    }
  }

  @Test
  void inksAsMuchAsMnist() { // MNIST's mean pixel is 0.1307, its mean digits 0.076 to 0.173
    double sum = 0;
    for (int digit = 0; digit < 10; digit++) {
      for (int seed = 0; seed < SAMPLES; seed++) {
        sum += Look.at(DrawnDigits.draw(digit, seed)).mean();
      }
    }
    assertThat(sum / 10 / SAMPLES).isCloseTo(0.1307, within(0.01));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 10})
  void refusesWhatIsNotADigit(int digit) {
    assertThatThrownBy(() -> DrawnDigits.draw(digit, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 9")
        .hasMessageContaining(String.valueOf(digit));
  }

  @Test
  void writesEveryDigitOfEachPart() throws IOException {
    Path target = folder.resolve("digits");
    DigitFolders.write(target, List.of(training(), testing()), SILENT);
    assertThat(count(target.resolve("training/0"))).isEqualTo(5);
    assertThat(count(target.resolve("training/3"))).isEqualTo(40);
    assertThat(count(target.resolve("training/9"))).isEqualTo(7);
    assertThat(count(target.resolve("testing/3"))).isEqualTo(4);
    assertThat(names(folder)).containsExactly("digits");
  }

  @Test
  void numbersTheImagesOfAPartWithoutGaps() throws IOException {
    Path target = folder.resolve("digits");
    DigitFolders.write(target, List.of(training()), SILENT);
    Set<String> numbers = new HashSet<>();
    for (int digit = 0; digit < 10; digit++) {
      numbers.addAll(names(target.resolve("training/" + digit)));
    }
    assertThat(numbers).hasSize(110).contains("0.png", "109.png");
  }

  @Test
  void writesTheLabelsOfASample() throws IOException {
    Path target = folder.resolve("sample");
    DigitFolders.writeLabeled(
        target,
        List.of(training().only("train", 3, 7), testing().only("valid", 3, 7)),
        Map.of(3, "0", 7, "1"),
        SILENT);
    List<String> lines = Files.readAllLines(target.resolve("labels.csv"));
    assertThat(lines.get(0)).isEqualTo("name,label");
    assertThat(lines.subList(1, lines.size()))
        .hasSize(40 + 8 + 4 + 8)
        .doesNotHaveDuplicates()
        .allSatisfy(
            line -> {
              String name = line.substring(0, line.indexOf(','));
              assertThat(target.resolve(name)).isRegularFile();
              assertThat(line).endsWith(name.contains("/3/") ? ",0" : ",1");
            });
    assertThat(names(target)).containsExactlyInAnyOrder("labels.csv", "train", "valid");
    assertThat(names(target.resolve("train"))).containsExactlyInAnyOrder("3", "7");
  }

  @Test
  void samplesTheImagesOfTheWholeSet() throws IOException {
    Path digits = folder.resolve("digits");
    Path sample = folder.resolve("sample");
    DigitFolders.write(digits, List.of(training()), SILENT);
    DigitFolders.write(sample, List.of(training().only("train", 3)), SILENT);
    for (String name : names(sample.resolve("train/3"))) {
      assertThat(sample.resolve("train/3").resolve(name))
          .hasSameBinaryContentAs(digits.resolve("training/3").resolve(name));
    }
  }

  @Test
  void drawsTheTestingPartFromOtherSeedsThanTheTrainingPart() throws IOException {
    Path target = folder.resolve("digits");
    DigitFolders.write(target, List.of(training(), testing()), SILENT);
    Set<String> images = new HashSet<>();
    try (Stream<Path> files = Files.walk(target)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        images.add(Arrays.toString(Files.readAllBytes(file)));
      }
    }
    assertThat(images).hasSize(110 + 30);
  }

  @Test
  void writesPngFilesThatReadBackAsDrawn() throws IOException {
    Path target = folder.resolve("digits");
    DigitFolders.write(target, List.of(new DigitFolders.Part("one", 7, 0, 1)), SILENT);
    BufferedImage image = ImageIO.read(target.resolve("one/1/0.png").toFile());
    byte[] read = new byte[28 * 28];
    image.getRaster().getDataElements(0, 0, 28, 28, read);
    assertThat(read).isEqualTo(DrawnDigits.draw(1, 7L << 32));
  }

  @Test
  void reportsProgressUpToTheTotal() {
    List<Long> reports = new ArrayList<>();
    DigitFolders.write(
        folder.resolve("digits"),
        List.of(new DigitFolders.Part("many", 1, 150, 150)),
        (done, total) -> {
          assertThat(total).isEqualTo(300);
          reports.add(done);
        });
    assertThat(reports).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(1).endsWith(300L);
  }

  @Test
  void leavesAFolderAloneThatAppearsMeanwhile() throws IOException {
    Path target = folder.resolve("digits");
    DrawnDigits.Progress other =
        (done, total) -> {
          if (done == total) {
            assertThat(target.toFile().mkdir()).isTrue();
          }
        };
    assertThatThrownBy(() -> DigitFolders.write(target, List.of(testing()), other))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("could not be written to " + target);
    assertThat(names(folder)).containsExactly("digits");
    assertThat(names(target)).isEmpty();
  }

  @Test
  void refusesToWriteOverAFolder() throws IOException {
    Path target = Files.createDirectory(folder.resolve("digits"));
    assertThatThrownBy(() -> DigitFolders.write(target, List.of(testing()), SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("exists already")
        .hasMessageContaining(target.toString());
    assertThat(names(target)).isEmpty();
  }

  @Test
  void namesAFolderThatCannotBeWritten() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> DigitFolders.write(file.resolve("digits"), List.of(testing()), SILENT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("could not be written to " + file.resolve("digits"));
    assertThat(names(folder)).containsExactly("file");
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    DrawnDigits.Progress failing =
        (done, total) -> {
          throw new IllegalStateException("the bar broke");
        };
    assertThatThrownBy(
            () -> DigitFolders.write(folder.resolve("digits"), List.of(training()), failing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the bar broke");
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenItIsInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(
              () -> DigitFolders.write(folder.resolve("digits"), List.of(training()), SILENT))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("interrupted");
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
    }
    assertThat(names(folder)).isEmpty();
  }

  private static DigitFolders.Part training() {
    return new DigitFolders.Part("training", 1, 5, 6, 7, 40, 8, 9, 10, 8, 10, 7);
  }

  private static DigitFolders.Part testing() {
    return new DigitFolders.Part("testing", 2, 2, 2, 2, 4, 2, 2, 2, 8, 3, 3);
  }

  private static int count(Path folder) throws IOException {
    return names(folder).size();
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  /** The box, the center of mass and the mean (0 to 1) of an image's ink. */
  private record Look(int width, int height, double centerX, double centerY, double mean) {
    static Look at(byte[] image) {
      int left = 28;
      int right = -1;
      int top = 28;
      int bottom = -1;
      double mass = 0;
      double x = 0;
      double y = 0;
      for (int i = 0; i < image.length; i++) {
        int ink = image[i] & 0xff;
        if (ink > 0) {
          left = Math.min(left, i % 28);
          right = Math.max(right, i % 28);
          top = Math.min(top, i / 28);
          bottom = Math.max(bottom, i / 28);
        }
        mass += ink;
        x += ink * (i % 28);
        y += ink * (i / 28);
      }
      return new Look(
          right - left + 1, bottom - top + 1, x / mass, y / mass, mass / 255 / image.length);
    }
  }
}
