package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that is one file, started as a reader would, on a cache with a few drawn digits. */
class HelloDigitsTest {
  private static final Path EXAMPLE = Path.of("../examples/HelloDigits.java");
  private static final String NATIVES = "org.bytedeco.javacpp.cachedir";

  @Test
  void trainsANetFromASingleFileAndAsksItForADigit(@TempDir Path home)
      throws IOException, InterruptedException {
    SomeDigits.write(home, "digits_sample-v1", 200);
    File output = home.resolve("output").toFile();
    Path natives = Path.of(System.getProperty("user.home"), ".javacpp", "cache");
    ProcessBuilder java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Duser.home=" + home,
                "-D" + NATIVES + "=" + System.getProperty(NATIVES, natives.toString()),
                "-cp",
                System.getProperty("java.class.path"),
                EXAMPLE.toString())
            .redirectErrorStream(true)
            .redirectOutput(output);
    java.environment().remove("FASTAI_HOME");
    Process process = java.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output.toPath());
    assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
    assertThat(lines).anyMatch(line -> line.matches("epoch +train_loss +valid_loss +accuracy.*"));
    assertThat(lines).anyMatch(line -> line.matches("Accuracy: [01]\\.\\d{4}"));
    assertThat(lines).noneMatch(line -> line.contains("Drawing"));
    assertThat(lines).last().asString().matches("\\d+\\.png is a [37]");
  }

  @Test
  void namesTheVersionsThatTheBuildUses() throws IOException {
    String pom =
        Files.readString(Path.of("../pom.xml")).replaceAll("-\\$\\{javacpp.version}<", "-1.5.13<");
    assertThat(Files.readAllLines(EXAMPLE))
        .filteredOn(line -> line.startsWith("//DEPS"))
        .hasSize(4)
        .allSatisfy(line -> assertThat(pom).contains(">" + line.split(":", -1)[2] + "<"));
  }
}
