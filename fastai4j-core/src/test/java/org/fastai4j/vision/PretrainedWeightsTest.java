package org.fastai4j.vision;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DataException;
import org.fastai4j.data.OfflineException;
import org.fastai4j.data.Progress;
import org.fastai4j.io.Pth;
import org.fastai4j.io.Safetensors;
import org.fastai4j.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedWeightsTest {
  private final Tensor weight = Tensor.of(new float[] {1, 2, 3});
  private final Path temp;
  private final Path home;
  private final HttpServer server;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private String name = "";
  private byte[] published = {};

  PretrainedWeightsTest(@TempDir Path temp) throws IOException {
    this.temp = temp;
    home = temp.resolve("home");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  /** Publishes a file in torchvision's format: a state dict, its digest in its name. */
  @BeforeEach
  void publish() throws Exception {
    Path file = temp.resolve("published.pth");
    Pth.save(file, Map.of("conv1.weight", weight));
    published = Files.readAllBytes(file);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(published);
    name = "resnet18-%s.pth".formatted(HexFormat.of().formatHex(digest).substring(0, 8));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, published.length);
            exchange.getResponseBody().write(published);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private PretrainedWeights weights(Map<String, String> environment) {
    return new PretrainedWeights(
        DataCache.at(home).withProgress(Progress.SILENT),
        environment,
        temp,
        address("/models"),
        Map.of("resnet18", name));
  }

  private PretrainedWeights from(Object place) {
    return weights(Map.of("FASTAI4J_WEIGHTS", place.toString()));
  }

  private void assertLoads(PretrainedWeights weights) {
    assertThat(requireNonNull(weights.load("resnet18").get("conv1.weight")))
        .isCloseTo(weight, 0, 0);
  }

  private Path copyTo(Path file) throws IOException {
    Files.createDirectories(requireNonNull(file.getParent()));
    return Files.write(file, published);
  }

  @Test
  void downloadsThePublishedFileOnce() {
    assertLoads(weights(Map.of()));
    assertLoads(weights(Map.of()));
    assertThat(asked).containsExactly("/models/" + name);
    assertThat(home.resolve("models").resolve(name)).exists();
  }

  @Test
  void refusesADownloadOfOtherContent() {
    published = new byte[] {1};
    assertThatThrownBy(() -> weights(Map.of()).load("resnet18"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not what was expected and was deleted");
    assertThat(home.resolve("models").resolve(name)).doesNotExist();
  }

  @Test
  void tellsWhatToDoWithNoNetwork() {
    PretrainedWeights weights = weights(Map.of());
    server.stop(0);
    assertThatThrownBy(() -> weights.load("resnet18"))
        .isInstanceOf(OfflineException.class)
        .hasMessageContaining("with no network, put " + name + " at " + home.resolve("models"))
        .hasMessageEndingWith(" by hand, or name a copy of it, or a mirror, in FASTAI4J_WEIGHTS");
  }

  @Test
  void takesWhatPyTorchHasDownloaded() throws IOException {
    copyTo(temp.resolve("torch/hub/checkpoints").resolve(name));
    assertLoads(weights(Map.of("TORCH_HOME", temp.resolve("torch").toString())));
    copyTo(temp.resolve(".cache/torch/hub/checkpoints").resolve(name));
    assertLoads(weights(Map.of()));
    assertThat(asked).isEmpty();
  }

  @Test
  void passesOverADamagedFileOfPyTorchs() throws IOException {
    Path file = copyTo(temp.resolve("torch/hub/checkpoints").resolve(name));
    Files.write(file, new byte[] {1});
    assertLoads(weights(Map.of("TORCH_HOME", temp.resolve("torch").toString())));
    assertThat(asked).hasSize(1);
  }

  @Test
  void takesAFileThatIsNamed() throws IOException {
    assertLoads(from(copyTo(temp.resolve("given/any.pth"))));
    Path safetensors = temp.resolve("any.safetensors");
    Safetensors.save(safetensors, Map.of("conv1.weight", weight), Map.of());
    assertLoads(from(safetensors));
    assertThat(asked).isEmpty();
  }

  @Test
  void takesAFolderThatIsNamed() throws IOException {
    Path folder = requireNonNull(copyTo(temp.resolve("given").resolve(name)).getParent());
    assertLoads(from(folder));
    Files.move(folder.resolve(name), folder.resolve("resnet18.pth"));
    assertLoads(from(folder));
    assertThat(asked).isEmpty();
  }

  @Test
  void takesAMirrorThatIsNamed() {
    assertLoads(from(address("/mirror/")));
    assertThat(asked).containsExactly("/mirror/" + name);
    assertLoads(from(address("/elsewhere/mine.pth")));
    assertThat(asked).hasSize(2).endsWith("/elsewhere/mine.pth");
  }

  @Test
  void refusesWhatIsNamedAndIsNotThereOrDamaged() throws IOException {
    assertThatThrownBy(() -> from("/no/such.pth").load("resnet18"))
        .isInstanceOf(DataException.class)
        .hasMessage("FASTAI4J_WEIGHTS names /no/such.pth, which is not there");
    Path text = Files.writeString(temp.resolve("notes.txt"), "none");
    assertThatThrownBy(() -> from(text).load("resnet18"))
        .hasMessage("FASTAI4J_WEIGHTS names " + text + ": give a .pth or .safetensors file");
    Path empty = Files.createDirectory(temp.resolve("empty"));
    assertThatThrownBy(() -> from(empty).load("resnet18"))
        .hasMessage(
            "FASTAI4J_WEIGHTS names "
                + empty
                + ", which has none of "
                + name
                + ", resnet18.safetensors, resnet18.pth");
    Path damaged = copyTo(empty.resolve(name));
    Files.write(damaged, new byte[] {1});
    assertThatThrownBy(() -> from(damaged).load("resnet18"))
        .hasMessageStartingWith(damaged + " is damaged: its SHA-256 does not begin with ");
  }

  @Test
  void knowsWhichNetsHavePublishedWeights() {
    assertThatThrownBy(() -> weights(Map.of()).load("xresnet18"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "there are no published weights of xresnet18; name a file of them in"
                + " FASTAI4J_WEIGHTS, or train from scratch");
  }
}
