package org.fastai4j.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.io.Png;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  private final Path folder;

  ServeCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void answersWhatIsInFlightWhenItIsToldToEnd() throws IOException, InterruptedException {
    Path model = folder.resolve("model.safetensors");
    List<String> vocab = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    ImageClassifier.of(Models.create("simple_net", 10), "simple_net", vocab).save(model, Map.of());
    Process process =
        Cli.java(Main.class.getName(), "serve", model.toString(), "--port", "0").start();
    try (BufferedReader output = process.inputReader(UTF_8)) {
      String line = output.readLine();
      Matcher address = Pattern.compile("at (http://\\S+)").matcher(String.valueOf(line));
      assertThat(address.find()).as(line).isTrue();
      int port = URI.create(address.group(1)).getPort();
      byte[] png = Png.encode(28, 28, 1, DrawnDigits.draw(3, 1));
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        OutputStream out = socket.getOutputStream();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        out.write(
            ("POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
                    + "Expect: 100-continue\r\nContent-Length: "
                    + png.length
                    + "\r\n\r\n")
                .getBytes(US_ASCII));
        assertThat(in.readLine()).startsWith("HTTP/1.1 100");
        assertThat(in.readLine()).isEmpty();

        process.destroy(); // SIGTERM
        while (listens(port)) {
          Thread.onSpinWait();
        }
        out.write(png);
        assertThat(in.readLine()).startsWith("HTTP/1.1 200");
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean listens(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }

  @Test
  void tellsWhereItsModelIsKept() {
    Cli cli = new Cli();
    assertThat(cli.run("serve", "--help")).isEqualTo(Main.OK);
    assertThat(cli.out())
        .contains("FASTAI_HOME", "models/fastai4j-digits-1.safetensors", "'train'");
  }

  @Test
  void saysWhatIsWrongBeforeItStarts() {
    Cli cli = new Cli();
    assertThat(cli.run("serve", folder.resolve("none").toString())).isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains("there is no such file");
    assertThat(cli.run("serve", "--port", "70000")).isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains("a port is 0 to 65535");
  }
}
