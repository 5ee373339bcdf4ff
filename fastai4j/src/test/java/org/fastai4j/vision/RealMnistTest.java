package org.fastai4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The real 3s and 7s: golden digests, ImageIO's pixels, and what MNIST's digits look like. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealMnistTest {
  private static final Path SHARED = Path.of(System.getProperty("fastai4j.shared", "../shared"));

  private final Path root;

  RealMnistTest(@TempDir Path root) {
    this.root = root;
  }

  @BeforeAll
  void unpack() throws IOException {
    Path archive = SHARED.resolve("data/mnist_sample.tgz");
    if (!Files.exists(archive)) {
      String message = "real MNIST is not at " + archive;
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      abort(message);
    }
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        Path target = root.resolve(entry.getName()).normalize();
        assertThat(target).startsWith(root);
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.copy(tar, target);
        }
      }
    }
  }

  @Test
  void decodesToTheGoldenDigests() throws IOException {
    for (String split : List.of("train", "valid")) {
      JsonObject golden = golden(split);
      List<Path> files = files(split);
      assertThat(files).hasSize(golden.get("files").getAsInt());
      Images.Stack stack = Images.decodeStack(files);
      assertThat(sha256(stack)).isEqualTo(golden.get("pixels_sha256").getAsString());
    }
  }

  @Test
  void stacksFoldersInTheOrderOfTheGoldenFileLists() throws IOException {
    List<Path> threes = files("train").subList(0, 6131);
    Images.Stack byFolder = Images.decodeStack(root.resolve("mnist_sample/train/3"));
    assertThat(byFolder.n()).isEqualTo(6131);
    assertThat(byFolder.data()).isEqualTo(Images.decodeStack(threes).data());
  }

  @Test
  void agreesWithImageIo() throws IOException {
    List<Path> files = files("train");
    for (int i = 0; i < files.size(); i += 50) {
      BufferedImage expected = ImageIO.read(files.get(i).toFile());
      byte[] pixels = (byte[]) expected.getRaster().getDataElements(0, 0, 28, 28, (Object) null);
      assertThat(Image.open(files.get(i))).isEqualTo(Image.fromBytes("L", 28, 28, pixels));
    }
  }

  private List<Path> files(String split) throws IOException {
    Path list = SHARED.resolve("golden/trajectories/mnist_sample_" + split + "_files.txt");
    Path folder = root.resolve("mnist_sample").resolve(split);
    return Files.readAllLines(list).stream().map(folder::resolve).toList();
  }

  private static JsonObject golden(String split) throws IOException {
    String json = Files.readString(SHARED.resolve("golden/cases.json"));
    for (var each : JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("cases")) {
      JsonObject golden = each.getAsJsonObject();
      if (golden.get("kind").getAsString().equals("trajectories")) {
        return golden.getAsJsonObject("params").getAsJsonObject("data").getAsJsonObject(split);
      }
    }
    throw new AssertionError("no trajectories in cases.json");
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
