package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoFontsTest {
  /** What the other process runs. */
  static final class Draw {
    public static void main(String[] args) {
      try {
        Figure figure = Figure.subplots();
        figure.axes().plot(new double[] {1, 2}).title("words");
        System.out.println("drew " + figure.png().length + " bytes");
      } catch (PlotException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void saysWhatToInstallOnAMachineWithoutFonts(@TempDir Path folder) throws Exception {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    Path fonts =
        Files.writeString(
            folder.resolve("fonts.conf"),
            "<?xml version=\"1.0\"?><fontconfig><dir>"
                + folder.resolve("none")
                + "</dir></fontconfig>");
    String said = draw(fonts, List.of("-Djava.awt.headless=true", "-Duser.home=" + folder));
    assertThat(said).contains("found no fonts").contains("install fontconfig and a font");
  }

  private static String draw(Path fonts, List<String> options)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder process = new ProcessBuilder(java.toString());
    process.command().addAll(options);
    String classes = System.getProperty("java.class.path");
    process.command().addAll(List.of("-cp", classes, Draw.class.getName()));
    process.environment().put("FONTCONFIG_FILE", fonts.toString());
    Process started = process.redirectErrorStream(true).start();
    String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(started.waitFor()).isZero();
    return said;
  }
}
