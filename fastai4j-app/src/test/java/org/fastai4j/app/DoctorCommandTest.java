package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private final Cli cli = new Cli();

  @Test
  void tellsOfEverySection() {
    assertThat(cli.run("doctor")).as(cli.out()).isZero();
    assertThat(cli.out().lines())
        .contains(
            "Versions",
            "Native libraries",
            "Device",
            "Threads",
            "Memory",
            "Self-test",
            "Caches",
            "Network",
            "Plots");
    assertThat(cli.out()).contains(Torch.nativeCache().toString(), "tensor([2., 4., 6.])");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void showsThatTheEngineComesFromOurCache() {
    cli.run("doctor");
    assertThat(cli.out())
        .containsPattern("ok +libtorch_cpu.so +[0-9.]+ MB from our cache")
        .containsPattern("ok +libgomp.so.1 +\\S+ kB from our cache");
  }

  @Test
  void warnsOfVariablesThatDisturbTheThreads() {
    cli.env("OMP_NUM_THREADS", "1").run("doctor");
    assertThat(cli.out()).containsPattern("warn +OMP_NUM_THREADS +is set to 1\n +mend: unset it");
  }

  @Test
  void warnsOfVariablesThatChooseSlowerKernels() {
    cli.env("OPENBLAS_CORETYPE", "Haswell").run("doctor");
    assertThat(cli.out())
        .containsPattern("warn +OPENBLAS_CORETYPE +is set to Haswell, .*\n +mend: unset it");
  }

  @Test
  void letsTheLauncherAskForOneBlasThread() {
    cli.env("OPENBLAS_NUM_THREADS", "1").run("doctor");
    assertThat(cli.out()).doesNotContain("OPENBLAS_NUM_THREADS");
    cli.env("OPENBLAS_NUM_THREADS", "2").run("doctor");
    assertThat(cli.out()).containsPattern("warn +OPENBLAS_NUM_THREADS +is set to 2");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void writesThroughALinkAndLeavesItALink(@TempDir Path dir) throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), file);
    assertThat(cli.run("doctor", "--json", link.toString())).isZero();
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(JsonParser.parseString(Files.readString(file)).isJsonObject()).isTrue();
  }

  @Test
  void offlineIsNoFailure() {
    assertThat(cli.dataHost(URI.create("http://127.0.0.1:1/")).run("doctor")).isZero();
    assertThat(cli.out()).contains("cannot be reached").contains("built-in data is used");
  }

  @Test
  void tellsThatTheDataHostAnswers() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      cli.dataHost(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
          .run("doctor");
    } finally {
      server.stop(0);
    }
    assertThat(cli.out()).contains("answers (200)");
  }

  @Test
  void aCacheThatCannotBeMadeIsWrong(@TempDir Path dir) throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    assertThat(cli.env("FASTAI_HOME", file.resolve("below").toString()).run("doctor")).isEqualTo(1);
    assertThat(cli.out()).containsPattern("WRONG  data sets .*cannot be written");
  }

  @Test
  void writesItsFindingsAsJson() {
    assertThat(cli.run("doctor", "--json", "-")).isZero();
    JsonObject json = JsonParser.parseString(cli.out()).getAsJsonObject();
    assertThat(json.get("level").getAsString()).isIn("ok", "warn");
    assertThat(
            StreamSupport.stream(json.getAsJsonArray("findings").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(f -> f.get("name").getAsString().equals("gradient"))
                .map(f -> f.get("level").getAsString()))
        .containsExactly("ok");
  }
}
