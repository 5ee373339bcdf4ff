package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.fastai4j.testkit.RealMnist;
import org.junit.jupiter.api.Test;

/** The real 3s and 7s: golden digests, ImageIO's pixels, and what MNIST's digits look like. */
class RealMnistTest {
  @Test
  void decodesToTheGoldenDigests() {
    for (String split : List.of("train", "valid")) {
      JsonObject golden = golden(split);
      List<Path> files = RealMnist.files(split);
      assertThat(files).hasSize(golden.get("files").getAsInt());
      Images.Stack stack = Images.decodeStack(files);
      assertThat(sha256(stack)).isEqualTo(golden.get("pixels_sha256").getAsString());
    }
  }

  @Test
  void stacksFoldersInTheOrderOfTheGoldenFileLists() {
    List<Path> threes = RealMnist.files("train").subList(0, 6131);
    Images.Stack byFolder = Images.decodeStack(RealMnist.folder().resolve("train/3"));
    assertThat(byFolder.n()).isEqualTo(6131);
    assertThat(byFolder.data()).isEqualTo(Images.decodeStack(threes).data());
  }

  @Test
  void agreesWithImageIo() throws IOException {
    List<Path> files = RealMnist.files("train");
    for (int i = 0; i < files.size(); i += 50) {
      BufferedImage expected = ImageIO.read(files.get(i).toFile());
      byte[] pixels = (byte[]) expected.getRaster().getDataElements(0, 0, 28, 28, (Object) null);
      assertThat(Image.open(files.get(i))).isEqualTo(Image.fromBytes("L", 28, 28, pixels));
    }
  }

  @Test
  void preparesEveryDigitToItself() {
    for (String split : List.of("train", "valid")) {
      Images.Stack stack = Images.decodeStack(RealMnist.files(split));
      for (int i = 0; i < stack.n(); i++) {
        Image digit = digit(stack, i);
        assertThat(DigitImage.prepare(digit)).isEqualTo(digit);
      }
    }
  }

  @Test
  void preparesDigitsOnNoisyPaperToNearlyWhatTheyWere() {
    Images.Stack stack = Images.decodeStack(RealMnist.files("valid"));
    double sum = 0;
    int n = 0;
    for (int i = 0; i < stack.n(); i += 40) {
      Image digit = digit(stack, i);
      sum += DigitImageTest.similarity(DigitImage.prepare(photographed(digit, i)), digit);
      n++;
    }
    assertThat(sum / n).isGreaterThan(0.93);
  }

  /** Dark ink on grey, noisy paper, eight times as large, away from the middle. */
  private static Image photographed(Image digit, int seed) {
    Random random = new Random(seed);
    Image large = digit.resize(224, 224);
    byte[] paper = new byte[400 * 300];
    int left = 20 + random.nextInt(130);
    int top = 20 + random.nextInt(50);
    for (int i = 0; i < paper.length; i++) {
      int x = i % 400 - left;
      int y = i / 400 - top;
      boolean inside = x >= 0 && x < 224 && y >= 0 && y < 224;
      double ink = inside ? large.pixel(x, y, 0) / 255.0 : 0;
      double value = 190 + x * 0.05 - 120 * ink + 8 * random.nextGaussian();
      paper[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return Image.fromBytes("L", 400, 300, paper);
  }

  private static Image digit(Images.Stack stack, int i) {
    byte[] pixels = new byte[784];
    stack.data().get(i * 784, pixels);
    return Image.fromBytes("L", 28, 28, pixels);
  }

  private static JsonObject golden(String split) {
    return RealMnist.cases("trajectories")
        .get(0)
        .params()
        .getAsJsonObject("data")
        .getAsJsonObject(split);
  }

  private static String sha256(Images.Stack stack) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(stack.data().duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
